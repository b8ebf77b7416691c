/** Labels that mean the same everywhere, most of them of buttons. */
export const controls = {
  back: "Back",
  cancel: "Cancel",
  close: "Close",
  continue: "Continue",
  discard: "Discard",
  edit: "Edit",
  loading: "Loading…",
  optional: "optional",
  saving: "Saving…",
  showMore: "Show more",
  signIn: "Sign in",
  tryAgain: "Try again",
  undo: "Undo",
};
