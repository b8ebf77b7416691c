import type { SetMentorRoom } from "#contract/meetings.ts";

/** The values of the forms for a meeting link. */
export type MeetingForm = { meeting_url: string; meeting_note: string };

type Meeting = { meeting_url: string | null; meeting_note: string | null };

export function meetingFormOf({ meeting_url, meeting_note }: Meeting): MeetingForm {
  return { meeting_url: meeting_url ?? "", meeting_note: meeting_note ?? "" };
}

export function meetingOf(form: MeetingForm): SetMentorRoom {
  return { meeting_url: wholeUrl(form.meeting_url), meeting_note: form.meeting_note.trim() || null };
}

/** 'meet.example.com/asha' -> 'https://meet.example.com/asha': browsers show, and people copy, links without the scheme. */
export function wholeUrl(text: string): string {
  const url = text.trim();
  return /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i.test(url) ? `https://${url}` : url;
}
