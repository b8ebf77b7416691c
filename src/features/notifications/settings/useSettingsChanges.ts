import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { notificationSettings } from "#words/notificationSettings.ts";
import { announce } from "@/ui/Announcer.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { notificationSettingsQuery, saveNotificationSettings } from "./queries.ts";

type Field = "muted" | "reminder_leads" | "quiet_hours";

type SettingsChange = {
  field: Field;
  /** Where "Saved" is shown. */
  place: string;
  apply: (settings: NotificationSettings) => NotificationSettings;
  /** Takes it back, without what was changed since. */
  undo: (settings: NotificationSettings) => NotificationSettings;
};

export type SettingsChanges = {
  change: (change: SettingsChange) => void;
  /** Place of the change that was saved just now. */
  savedPlace: string | null;
};

const shownMs = 4_000;

/** Shows changes of the settings at once and saves them one after the other; a failed one is taken back. */
export function useSettingsChanges(userId: string): SettingsChanges {
  const queryClient = useQueryClient();
  const { queryKey } = notificationSettingsQuery(userId);
  const [saved, setSaved] = useState<{ place: string } | null>(null);
  useEffect(() => {
    if (!saved) return;
    const timer = setTimeout(() => setSaved(null), shownMs);
    return () => clearTimeout(timer);
  }, [saved]);

  const { mutate } = useMutation({
    mutationKey: queryKey,
    // In order: each call sends the whole of a field, so a slow one must not overtake a later one.
    scope: { id: queryKey.join() },
    onMutate: async ({ apply }: SettingsChange) => {
      setSaved(null);
      queryClient.setQueryData(queryKey, (settings) => settings && apply(settings));
      // A response to an earlier read would take the change back.
      await queryClient.cancelQueries({ queryKey });
    },
    mutationFn: async ({ field }) => {
      const settings = queryClient.getQueryData(queryKey);
      return settings && saveNotificationSettings({ [field]: settings[field] });
    },
    onSuccess: (answer, { place }) => {
      const isLast = queryClient.isMutating({ mutationKey: queryKey }) === 1;
      if (isLast && answer) queryClient.setQueryData(queryKey, answer);
      setSaved({ place });
      announce(notificationSettings.saved);
    },
    onError: (problem, { undo }) => {
      queryClient.setQueryData(queryKey, (settings) => settings && undo(settings));
      toastProblem(problem, notificationSettings.saveFailed);
    },
  });
  return { change: mutate, savedPlace: saved?.place ?? null };
}
