import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import type { SetBookingMeeting } from "#contract/meetings.ts";
import { sessionMeetingLink } from "#words/meetings.ts";
import { bookedWith } from "#words/sessions.ts";
import { firstName } from "@/lib/names.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeMeeting } from "./api.ts";
import { MeetingFields } from "./MeetingFields.tsx";
import { type MeetingForm, meetingFormOf, meetingOf } from "./meetingForm.ts";

type MeetingDialogProps = { booking: Booking; onClose: () => void };

/** The mentor sets a meeting link for a single session. */
export function MeetingDialog({ booking, onClose }: MeetingDialogProps) {
  const queryClient = useQueryClient();
  const isOwn = booking.meeting_from === "session";
  const change = async (meeting: SetBookingMeeting) => {
    queryClient.setQueryData(queryKeys.booking(booking.id), await changeMeeting(booking.id, meeting));
    void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    toast.success(sessionMeetingLink.saved, {
      description: sessionMeetingLink.savedText(firstName(booking.user_name)),
    });
    onClose();
  };
  const form = useSavingForm<MeetingForm>({
    defaultValues: meetingFormOf(isOwn ? booking : { meeting_url: null, meeting_note: null }),
    save: (values) => change(meetingOf(values)),
  });
  const back = useSavingForm<Record<string, never>>({
    defaultValues: {},
    save: () => change({ meeting_url: null }),
  });
  const isBusy = form.formState.isSubmitting || back.formState.isSubmitting;
  const problem = form.problem ?? back.problem;
  return (
    <Dialog
      open
      onClose={() => !isBusy && onClose()}
      title={sessionMeetingLink.title}
      description={bookedWith({ service: booking.service_title, other: booking.user_name })}
    >
      <form onSubmit={form.submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <p className="text-ink-soft">{sessionMeetingLink.text}</p>
            <MeetingFields form={form} />
          </div>
        </DialogBody>
        <DialogActions>
          {isOwn && (
            <Button
              variant="secondary"
              pending={back.formState.isSubmitting}
              disabled={isBusy}
              onClick={() => void back.submit()}
            >
              {sessionMeetingLink.useRoom}
            </Button>
          )}
          <Button type="submit" pending={form.formState.isSubmitting} disabled={isBusy}>
            {sessionMeetingLink.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
