/** Failures for which no feature has a sentence. The API's refusals have their own. */

/** Title of a toast; its description is the reason. */
export const failed = "That didn’t work.";

export const unexpected = "Something went wrong. Please try again.";
export const network = "We can’t reach MatePeak. Check your connection and try again.";
/** The response is no JSON. */
export const unreadable = "We couldn’t read the server’s reply. Please try again.";

/** Which request it was, for support. */
export const reference = (requestId: string) => `Reference: ${requestId}`;
