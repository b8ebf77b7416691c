/** Names that look like ours or like a page; the database has the same list (`private.is_reserved_username`). */
const reserved = new Set(
  (
    "about account admin administrator api app auth billing blog bookings contact docs everyone favourites help home " +
    "legal login logout mail manage matepeak me mentors moderator new nobody null official privacy root search security " +
    "sessions settings sign-in sign-up signin signup staff static status support system team terms undefined www"
  ).split(" "),
);

export function isReservedUsername(username: string): boolean {
  return reserved.has(username);
}

export const reservedUsernames: readonly string[] = [...reserved];
