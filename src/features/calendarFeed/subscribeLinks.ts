import { brand } from "#words/layout.ts";

interface SubscribeLinks {
  /** Opens the calendar program of the device. */
  webcal: string;
  google: string;
  outlook: string;
}

/** @param url of a feed, http or https */
export function subscribeLinks(url: string): SubscribeLinks {
  const webcal = url.replace(/^https?:/, "webcal:");
  return {
    webcal,
    // Google subscribes to a webcal address, and offers to import what has another scheme.
    google: `https://calendar.google.com/calendar/render?cid=${encodeURIComponent(webcal)}`,
    outlook: `https://outlook.live.com/calendar/0/addfromweb?url=${encodeURIComponent(url)}&name=${encodeURIComponent(brand)}`,
  };
}
