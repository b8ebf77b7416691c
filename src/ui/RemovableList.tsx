import { Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";

type RemovableItem = {
  id: string;
  content: ReactNode;
  /** 'Remove day off Mon 24 Nov' */
  removeLabel: string;
};

type RemovableListProps = {
  label: string;
  items: readonly RemovableItem[];
  /** The item whose removal is pending. */
  removingId: string | undefined;
  onRemove: (id: string) => void;
};

export function RemovableList({ label, items, removingId, onRemove }: RemovableListProps) {
  if (items.length === 0) return null;
  return (
    <ul aria-label={label} className="divide-y divide-line border-t border-line">
      {items.map(({ id, content, removeLabel }) => (
        <li key={id} className="flex items-center justify-between gap-3 py-1.5 pr-2 pl-4 sm:pl-6">
          <div className="min-w-0 py-1.5">{content}</div>
          <Button
            variant="ghost"
            size="icon"
            pending={removingId === id}
            onClick={() => onRemove(id)}
            aria-label={removeLabel}
            className="shrink-0"
          >
            {removingId !== id && <Trash2 aria-hidden className="size-5" />}
          </Button>
        </li>
      ))}
    </ul>
  );
}
