/** Favourite mentors. */

export const favourites = {
  title: "Favourite mentors",
  failed: "Couldn’t load your favourite mentors",
  none: ({ heart }: { heart: string }) => `Tap the heart ${heart} on a mentor to save them here.`,
  showAll: (mentors: number) => `Show all ${mentors}`,
};

/** `mentor` is a full name. */
export const favouriteButton = {
  label: "Favourite",
  of: (mentor: string) => `Favourite: ${mentor}`,
  added: (mentor: string) => `${mentor} is now one of your favourites.`,
  notAdded: (mentor: string) => `Couldn’t save ${mentor}.`,
  notRemoved: (mentor: string) => `Couldn’t remove ${mentor} from your favourites.`,
};
