import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { MentorRoom } from "#contract/meetings.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { deleteRoom, saveRoom } from "./api.ts";
import { MeetingFields } from "./MeetingFields.tsx";
import { type MeetingForm, meetingFormOf, meetingOf } from "./meetingForm.ts";

type RoomFormProps = { userId: string; room: MentorRoom };

/** Where a mentor meets his students, unless a session says otherwise. */
export function RoomForm({ userId, room }: RoomFormProps) {
  const queryClient = useQueryClient();
  const headingId = useId();
  const [isRemoving, setIsRemoving] = useState(false);
  const saved = (next: MentorRoom) => {
    queryClient.setQueryData(ownKeys.room(userId), next);
    form.reset(meetingFormOf(next));
    void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    void queryClient.invalidateQueries({ queryKey: ownKeys.setup(userId) });
  };
  const form = useSavingForm<MeetingForm>({
    defaultValues: meetingFormOf(room),
    save: async (values) => {
      saved(await saveRoom(meetingOf(values)));
      toast.success("Your meeting room is saved.", { description: "Students of confirmed sessions see it." });
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);

  const remove = async () => {
    await deleteRoom();
    saved({ meeting_url: null, meeting_note: null });
    toast.success("Your meeting room is removed.");
  };
  return (
    <>
      <form onSubmit={form.submit} noValidate aria-labelledby={headingId}>
        <Card className={saveBarOffset}>
          <div className="space-y-5 p-4 sm:p-6">
            <div>
              <h2 id={headingId} className="text-heading">
                Meeting room
              </h2>
              <p className="mt-1 text-ink-soft">
                Students see it once a session is confirmed. It is not on your page. One session can have
                another link: set it on that session’s page.
              </p>
            </div>
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            <MeetingFields form={form} />
            {room.meeting_url && !isDirty && (
              <p className="flex flex-wrap gap-x-4">
                <a
                  href={room.meeting_url}
                  target="_blank"
                  rel="noopener noreferrer"
                  className={buttonVariants({ variant: "link", size: "inline" })}
                >
                  Try the link<span className="sr-only"> (opens in a new tab)</span>
                </a>
                <Button variant="link" size="inline" onClick={() => setIsRemoving(true)}>
                  Remove the room
                </Button>
              </p>
            )}
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveWords="Save room"
            onDiscard={() => form.reset(meetingFormOf(room))}
          />
        </Card>
      </form>
      {isRemoving && (
        <ConfirmDialog
          title="Remove your meeting room?"
          keepWords="Keep it"
          confirmWords="Remove room"
          onClose={() => setIsRemoving(false)}
          onConfirm={remove}
          focusAfter={() => form.setFocus("meeting_url")}
        >
          <p>
            Students of confirmed sessions will no longer see where to meet, unless the session has a link of
            its own.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
