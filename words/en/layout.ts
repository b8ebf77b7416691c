/** The frame around all pages, and pages that belong to no feature. */
export const brand = "MatePeak";

/** In index.html. */
export const documentTexts = {
  description: "Book a mentor at a time that actually works, shown in your time zone.",
  noScript: "MatePeak needs JavaScript to show you the times you can book.",
};

/** Of the browser's tab. */
export const documentTitle = (page: string) => `${page} · ${brand}`;

export const layout = {
  skip: "Skip to content",
  mainNavigation: "Main",
  footerNavigation: "Footer",
  tagline: "Mentors you can book in two minutes.",
  becomeMentor: "Become a mentor",
  api: "API",
  dark: "Switch to dark colours",
  light: "Switch to light colours",
  toasts: "Messages",
  onThisPage: "On this page",
};

export const notFound = {
  title: "This page is off the map",
  detail: "The address may be mistyped, or the page has moved.",
};

export const brokenPage = {
  title: "Something went wrong on this page",
  detail: "This is our mistake. Your bookings aren’t affected. Reloading usually helps.",
  reload: "Reload page",
};
