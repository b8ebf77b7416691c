import { useEffect, useId, useSyncExternalStore } from "react";

/** The forms on the page that have unsaved changes. */
let unsaved: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** Registers whether a form has unsaved changes, until it unmounts. */
export function useUnsavedChanges(isDirty: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!isDirty) return;
    change((ids) => ids.add(id));
    return () => change((ids) => ids.delete(id));
  }, [id, isDirty]);
}

export function useHasUnsavedChanges(): boolean {
  return useSyncExternalStore(subscribe, () => unsaved.size > 0);
}

function change(edit: (ids: Set<string>) => void): void {
  const next = new Set(unsaved);
  edit(next);
  unsaved = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
