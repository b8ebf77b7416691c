/** How a session takes place, before booking. Names are first names. */
export const shownPlaces = {
  matepeak_room: "Video call on MatePeak",
  google_meet: "Video call by Google Meet",
  zoom: "Video call by Zoom",
  jitsi: "Video call by Jitsi",
  link: "Video call by the mentor’s link",
  mentorCalls: (mentor: string) => `Phone: ${mentor} calls you, so please give your number`,
  youCall: (mentor: string, number: string | null) =>
    number ? `Phone: you call ${mentor} on ${number}` : `Phone: you call ${mentor}`,
  inPerson: (address: string) => `In person: ${address}`,
  inPersonLater: "In person: you see the address once the session is confirmed",
};
