import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { MentorRoom } from "#contract/meetings.ts";
import { meetingRoom } from "#words/meetings.ts";
import { ownKeys, queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { deleteRoom, saveRoom } from "./api.ts";
import { MeetingFields } from "./MeetingFields.tsx";
import { type MeetingForm, meetingFormOf, meetingOf } from "./meetingForm.ts";

type RoomFormProps = { userId: string; room: MentorRoom };

/** Where a mentor meets students, unless a session has its own link. */
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
      toast.success(meetingRoom.saved, { description: meetingRoom.savedText });
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);

  const remove = async () => {
    await deleteRoom();
    saved({ meeting_url: null, meeting_note: null });
    toast.success(meetingRoom.removed);
  };
  return (
    <>
      <form onSubmit={form.submit} noValidate aria-labelledby={headingId}>
        <Card className={saveBarOffset}>
          <div className="space-y-5 p-4 sm:p-6">
            <div>
              <h2 id={headingId} className="text-heading">
                {meetingRoom.title}
              </h2>
              <p className="mt-1 text-ink-soft">{meetingRoom.text}</p>
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
                  <ShortLabel short={meetingRoom.test.label} full={meetingRoom.test.full} />
                </a>
                <Button variant="link" size="inline" onClick={() => setIsRemoving(true)}>
                  {meetingRoom.remove}
                </Button>
              </p>
            )}
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveLabel={meetingRoom.save}
            onDiscard={() => form.reset(meetingFormOf(room))}
          />
        </Card>
      </form>
      {isRemoving && (
        <ConfirmDialog
          title={meetingRoom.removeTitle}
          keepLabel={meetingRoom.keep}
          confirmLabel={meetingRoom.remove}
          onClose={() => setIsRemoving(false)}
          onConfirm={remove}
          focusAfter={() => form.setFocus("meeting_url")}
        >
          <p>{meetingRoom.removeText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
