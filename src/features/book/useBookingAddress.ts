import { useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { type Aside, type AskedStep, readAskedStep, type StepName } from "./bookingStep.ts";

export type Chosen = { serviceId?: string; minutes?: number; startsAt?: string };

type BookingHistory = {
  /** How many entries of the browser's history the open dialog has added. */
  bookingDepth?: number;
  /** The dialog was opened by a link: the entry below those it added is not the profile, but the dialog's first one. */
  isLinked?: boolean;
  /** The entry of what takes the place of the times; the one below is the times. */
  isAside?: boolean;
} | null;

export type BookingAddress = {
  /** null: the dialog is closed. */
  asked: AskedStep | null;
  /** Whether the dialog was open once: then its code is here and stays mounted. */
  wasOpened: boolean;
  /** This very place, to come back to. */
  here: string;
  open: (chosen?: Chosen) => void;
  /** Changes what is chosen without a new entry in the history; out of an aside it leads back to the times. */
  choose: (chosen: Chosen) => void;
  /** Shows something in place of the times. */
  stepAside: (aside: Aside) => void;
  goOn: (name: StepName) => void;
  goBack: (name: StepName) => void;
  close: () => void;
  /** Goes to another page; Back from there leads to the profile, not into a finished booking. */
  leave: (path: string) => void;
  /** Goes to a page that will come back to `here`. */
  leaveForNow: (path: string) => void;
  returnFocus: () => void;
};

/**
 * The steps of a booking as addresses, so that the browser's Back, a reload, signing in and a phone that closes the tab all
 * find what was chosen.
 */
export function useBookingAddress(): BookingAddress {
  const location = useLocation();
  const navigate = useNavigate();
  const opener = useRef<Element | null>(null);
  const lastSearch = useRef("");
  const wasOpened = useRef(false);

  const asked = readAskedStep(new URLSearchParams(location.search));
  const {
    bookingDepth: depth = 0,
    isLinked = false,
    isAside = false,
  } = (location.state as BookingHistory) ?? {};
  if (asked) {
    wasOpened.current = true;
    lastSearch.current = location.search;
  }

  const to = (name: StepName, chosen: Chosen = {}, aside: Aside | null = null) => {
    const search = new URLSearchParams(lastSearch.current);
    search.set("book", name);
    search.delete("aside");
    search.delete("day");
    if (aside) search.set("aside", aside.name);
    if (aside?.name === "wait" && aside.day) search.set("day", aside.day);
    if (chosen.serviceId && chosen.minutes) {
      const isAnother =
        search.get("service") !== chosen.serviceId || search.get("minutes") !== String(chosen.minutes);
      // Another length has other free times.
      if (isAnother) search.delete("at");
      search.set("service", chosen.serviceId);
      search.set("minutes", String(chosen.minutes));
    }
    if (chosen.startsAt) search.set("at", chosen.startsAt);
    return `${location.pathname}?${search}`;
  };
  const push = (address: string, more: BookingHistory = {}) =>
    navigate(address, {
      state: {
        bookingDepth: depth + 1,
        isLinked: isLinked || (depth === 0 && asked !== null),
        ...more,
      } satisfies BookingHistory,
      preventScrollReset: true,
    });
  const replace = (address: string) => navigate(address, { replace: true, state: location.state });
  /** Two navigations at once would race: the second one waits until the first has arrived. */
  const goDownThen = (entries: number, next: () => void) => {
    window.addEventListener("popstate", next, { once: true });
    return navigate(-entries);
  };

  return {
    asked,
    wasOpened: wasOpened.current,
    here: location.pathname + location.search,
    open: (chosen) => {
      opener.current = document.activeElement;
      void push(to(chosen ? "time" : "service", chosen));
    },
    choose: (chosen) => {
      const address = to(asked?.name ?? "service", chosen);
      if (!isAside) return replace(address);
      const state: BookingHistory = { bookingDepth: depth - 1, isLinked: isLinked && depth > 1 };
      return goDownThen(1, () => navigate(address, { replace: true, state, preventScrollReset: true }));
    },
    stepAside: (aside) => push(to("time", {}, aside), { isAside: true }),
    goOn: (name) => push(to(name)),
    // The dialog's own Back is the browser's, where there is an entry to go back to.
    goBack: (name) => (isAside || depth > 1 ? navigate(-1) : replace(to(name))),
    close: () => {
      const closed = () => navigate(location.pathname, { replace: true });
      if (depth === 0) return closed();
      return isLinked ? goDownThen(depth, closed) : navigate(-depth);
    },
    leave: (path) => {
      if (depth === 0) return navigate(path, { replace: true });
      return goDownThen(depth, () => navigate(path, { replace: isLinked }));
    },
    leaveForNow: (path) => replace(path),
    returnFocus: () => (opener.current instanceof HTMLElement ? opener.current.focus() : undefined),
  };
}
