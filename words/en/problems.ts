/** Failures that no feature has a sentence of its own for. What the API refuses comes with the API's own sentence. */

/** Title of a toast; its description says why. */
export const failed = "That didn’t work.";

export const unexpected = "Something went wrong. Please try again.";
export const network = "We can’t reach MatePeak. Check your connection and try again.";
/** The answer is no JSON. */
export const unreadable = "We couldn’t read the server’s reply. Please try again.";

/** Which request it was, for support. */
export const reference = (requestId: string) => `Reference: ${requestId}`;
