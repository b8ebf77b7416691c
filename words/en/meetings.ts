/** Where a session takes place, and joining it. Names are first names unless noted. */

/** Above the countdown. */
export const sessionClock = { starts: "Starts", ends: "Ends", ended: "Ended" };

/** Announced to screen readers. */
export const sessionMoments = {
  opens: (other: string) => `You can now join your session with ${other}.`,
  starts: (other: string) => `Your session with ${other} has started.`,
};

export const joining = {
  label: "Join session",
  /** @param other full name */
  full: (other: string) => `Join session with ${other}`,
  fullNewTab: (other: string) => `Join session with ${other} (opens in a new tab)`,
  /** @param time a time today, or a date and time */
  from: (time: string) => `Join from ${time}`,
  /** In front of what is needed to get in, for screen readers. */
  note: "Note:",
  noLinkYet: (mentor: string) => `${mentor} hasn’t added a meeting link yet. It’ll appear here.`,
  /** @param add a link to the meeting room's form */
  addLink: ({ student, add }: { student: string; add: string }) =>
    `No meeting link yet, so ${student} can’t join. ${add}`,
  addRoom: "Add your meeting room",
};

/** Ways in which sessions take place, as mentors choose them. */
export const meetingKindNames = {
  matepeak_room: "MatePeak room",
  google_meet: "Google Meet",
  zoom: "Zoom",
  jitsi: "Jitsi",
  link: "Your meeting room",
  phone: "Phone",
  in_person: "In person",
};

/** How a mentor's sessions take place, in the workspace. */
export const placeSettings = {
  title: "How sessions take place",
  text: "For sessions that are confirmed from now on.",
  failed: "Couldn’t load how your sessions take place",
  kind: "Where you meet",
  asOthers: (kind: string) => `As your other services: ${kind}`,
  needsRoom:
    "Each session gets its own link. If that fails, your meeting room is used, so please add one below.",
  calls: "Who calls",
  youCall: "You call the student",
  theyCall: "The student calls you",
  phone: "Your number",
  phoneMissing: "Enter your number.",
  showsPhone: "Show the number before a session is confirmed",
  address: "Address",
  addressMissing: "Enter the address.",
  mapUrl: "Map link",
  showsAddress: "Show the address before a session is confirmed",
  save: "Save place",
  saved: "Saved",
  savedText: "Confirmed sessions stay as they are.",
};

/** Who joined a session, and when. */
export const joinEventLines = {
  title: "Joined",
  you: "You",
  /** @param name as Zoom reported it */
  named: (name: string | null) => (name ? `“${name}”` : "Someone"),
  button: (who: string, time: string) => `${who} pressed Join at ${time}`,
  zoom_joined: (who: string, time: string) => `${who} joined in Zoom at ${time}`,
  zoom_left: (who: string, time: string) => `${who} left Zoom at ${time}`,
};

/** Where an agreed session takes place that is no call in the browser. */
export const agreedPlace = {
  place: "Place:",
  map: "Open the map",
  newTab: "(opens in a new tab)",
  youCall: ({ other }: { other: string }) => `You call ${other}:`,
  theyCall: ({ other }: { other: string }) => `${other} calls you:`,
  noNumber: "no number yet",
  noNumberOfYours: "you haven’t given a number yet",
};

/** Needed to get in, beside the link. */
export const meetingNotes = { passcode: (code: string) => `Passcode ${code}` };

/** What Zoom calls the meeting of a session. Names are full names. */
export const zoomMeeting = {
  /** @param facts without a student: of a group */
  topic: (facts: { serviceTitle: string; mentorName: string; studentName: string | null }) =>
    facts.studentName === null
      ? `${facts.serviceTitle}: ${facts.mentorName}`
      : `${facts.serviceTitle}: ${facts.mentorName} and ${facts.studentName}`,
  /** By this the meeting is found again. */
  agenda: (sessionId: string) => `MatePeak session ${sessionId}`,
};

export const meetingFields = {
  url: "Meeting link",
  urlHint: "e.g. a Google Meet, Zoom or Jitsi link",
  urlPlaceholder: "https://",
  urlMissing: "Enter a link.",
  note: "Note",
  noteHint: "What students need to join, such as a passcode",
};

/** A mentor's meeting room in the workspace. */
export const meetingRoom = {
  title: "Meeting room",
  text: "Only students with a confirmed session see this. You can set a different link on a session’s page.",
  failed: "Couldn’t load your meeting room",
  test: { label: "Test link", full: "Test link (opens in a new tab)" },
  save: "Save room",
  saved: "Meeting room saved",
  savedText: "Students with confirmed sessions can see it.",
  remove: "Remove room",
  removeTitle: "Remove your meeting room?",
  removeText:
    "Students with confirmed sessions won’t see where to meet, unless their session has its own link.",
  keep: "Keep room",
  removed: "Meeting room removed",
};

/** The link of a single session. */
export const sessionMeetingLink = {
  title: "Link for this session",
  text: "Replaces your meeting room for this session only.",
  useRoom: "Use my meeting room",
  save: "Save link",
  saved: "Meeting link saved",
  savedText: (student: string) => `${student} can see it now.`,
};
