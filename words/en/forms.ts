/** What all forms, lists and fields have in common. */

export const unsaved = {
  note: "Unsaved changes",
  leaveTitle: "Leave without saving?",
  leaveDetail: "Your changes on this page aren’t saved yet.",
  stay: "Stay here",
  leave: "Leave without saving",
};

export const copyField = {
  copy: "Copy",
  copied: "Copied",
  /** Where the browser does not let a page copy. */
  selected: "The text is selected. Copy it with your keyboard.",
  copyOf: (label: string) => `Copy ${label}`,
};

export const tagInput = {
  add: "Add",
  addTo: (list: string) => `Add to ${list}`,
  added: (tag: string) => `Added ${tag}`,
  remove: (tag: string) => `Remove ${tag}`,
  removed: (tag: string) => `Removed ${tag}`,
  full: "The list is full",
};

export const moreItems = {
  shown: "More loaded.",
  failed: "Couldn’t load more.",
};
