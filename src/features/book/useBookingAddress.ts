import { useRef } from "react";
import { type EpochMs, formatInstant, type Minutes } from "#scheduling/units.ts";
import { navigate } from "@/lib/router/location.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { type Aside, type RequestedStep, readRequestedStep, type StepName } from "./bookingStep.ts";

export type Chosen = {
  serviceId?: string;
  minutes?: Minutes;
  /** null: none. */
  startsAt?: EpochMs | null;
  /** The other times in the basket. */
  also?: string;
};

type BookingHistory = {
  /** How many history entries the open dialog has added. */
  bookingDepth?: number;
  /** A link opened the dialog: the entry below the added ones is the dialog's first step, not the profile. */
  isLinked?: boolean;
  /** The entry is an aside; the one below it is the times. */
  isAside?: boolean;
} | null;

export type BookingAddress = {
  /** null: the dialog is closed. */
  requested: RequestedStep | null;
  /** Whether the dialog was ever open: it then stays mounted. */
  wasOpened: boolean;
  /** The current address, to return to. */
  here: string;
  /** @param name the step; the first that lacks something by default */
  open: (chosen?: Chosen, name?: StepName) => void;
  /** Changes what is chosen without a new history entry. From an aside it returns to the times. */
  choose: (chosen: Chosen, aside?: Aside) => void;
  /** Replaces the times. */
  openAside: (aside: Aside) => void;
  goForward: (name: StepName, aside?: Aside) => void;
  goBack: (name: StepName, aside?: Aside) => void;
  close: () => void;
  /** Goes to another page, from which Back leads to the profile instead of a finished booking. */
  leave: (path: string) => void;
  /** Goes to a page that returns to `here`. */
  leaveTemporarily: (path: string) => void;
  returnFocus: () => void;
};

/**
 * Keeps the step of a booking and what is chosen in the address, so that they survive Back, a reload, signing in, and a phone
 * that closes the tab.
 */
export function useBookingAddress(): BookingAddress {
  const location = useLocation();
  const opener = useRef<Element | null>(null);
  const lastSearch = useRef("");
  const wasOpened = useRef(false);

  const requested = readRequestedStep(new URLSearchParams(location.search));
  const {
    bookingDepth: depth = 0,
    isLinked = false,
    isAside = false,
  } = (location.state as BookingHistory) ?? {};
  if (requested) {
    wasOpened.current = true;
    lastSearch.current = location.search;
  }

  const to = (name: StepName, chosen: Chosen = {}, aside?: Aside) => {
    const search = new URLSearchParams(lastSearch.current);
    search.set("book", name);
    search.delete("aside");
    search.delete("day");
    if (aside) search.set("aside", aside.name);
    if (aside?.name === "wait" && aside.day) search.set("day", aside.day);
    if (chosen.serviceId && chosen.minutes) {
      const isAnother =
        search.get("service") !== chosen.serviceId || search.get("minutes") !== String(chosen.minutes);
      // The chosen time may not be available in another length.
      if (isAnother) search.delete("at");
      search.set("service", chosen.serviceId);
      search.set("minutes", String(chosen.minutes));
    }
    if (chosen.startsAt === null) search.delete("at");
    if (chosen.startsAt) search.set("at", formatInstant(chosen.startsAt));
    if (chosen.also !== undefined) search.set("also", chosen.also);
    return `${location.pathname}?${search}`;
  };
  const push = (address: string, more: BookingHistory = {}) =>
    navigate(address, {
      state: {
        bookingDepth: depth + 1,
        isLinked: isLinked || (depth === 0 && requested !== null),
        ...more,
      } satisfies BookingHistory,
    });
  const replace = (address: string) => navigate(address, { replace: true, state: location.state });
  /** Goes back and then navigates: two navigations at once would race. */
  const goBackThen = (entries: number, next: () => void) => {
    window.addEventListener("popstate", next, { once: true });
    return navigate(-entries);
  };

  return {
    requested,
    wasOpened: wasOpened.current,
    here: location.pathname + location.search,
    open: (chosen, name = chosen ? "time" : "service") => {
      opener.current = document.activeElement;
      void push(to(name, chosen));
    },
    choose: (chosen, aside) => {
      const address = to(requested?.name ?? "service", chosen, aside);
      if (!isAside) return replace(address);
      const state: BookingHistory = { bookingDepth: depth - 1, isLinked: isLinked && depth > 1 };
      return goBackThen(1, () => navigate(address, { replace: true, state }));
    },
    openAside: (aside) => push(to("time", {}, aside), { isAside: true }),
    goForward: (name, aside) => push(to(name, {}, aside)),
    // The dialog's Back button goes back in the history where it has an entry.
    goBack: (name, aside) => (isAside || depth > 1 ? navigate(-1) : replace(to(name, {}, aside))),
    close: () => {
      const closed = () => navigate(location.pathname, { replace: true });
      if (depth === 0) return closed();
      return isLinked ? goBackThen(depth, closed) : navigate(-depth);
    },
    leave: (path) => {
      if (depth === 0) return navigate(path, { replace: true });
      return goBackThen(depth, () => navigate(path, { replace: isLinked }));
    },
    leaveTemporarily: (path) => replace(path),
    returnFocus: () => (opener.current instanceof HTMLElement ? opener.current.focus() : undefined),
  };
}
