/** What a mentor's page shows beside the booking, in one chunk: its name and those of its parts are bytes of the booking route. */
export { default as NoSuchMentor } from "@/features/mentors/NoSuchMentor.tsx";
export { OwnPageActions } from "@/features/mentors/OwnPageActions.tsx";
export { CurrentUsername } from "@/lib/router/CurrentUsername.tsx";
export { MentorPageNotice } from "./MentorPageNotice.tsx";
export { MoreOffers } from "./MoreOffers.tsx";
