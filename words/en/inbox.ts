/** The bell and the list of notifications under it. */
import { count } from "./language.ts";

const newNotifications = { one: "new notification", other: "new notifications" };

export const inbox = {
  /** Of the list. The account page has a section "Notifications" of its own. */
  title: "Your notifications",
  bell: (unread: number) => (unread > 0 ? `Notifications, ${unread} unread` : "Notifications"),
  arrived: (unread: number) => `You have ${count(unread, newNotifications)}.`,
  loading: "Loading notifications…",
  failed: "We couldn’t load your notifications.",
  empty: "No notifications yet.",
  /** Before a notification, for screen readers. */
  unread: "Unread: ",
  /** What the other person wrote. */
  quote: (text: string) => `“${text}”`,
  markAllRead: "Mark all as read",
  showOlder: "Show older",
  zone: (zone: string) => `Times are in your time zone: ${zone}.`,
};
