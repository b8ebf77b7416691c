import { useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { type AskedStep, readAskedStep, type StepName } from "./bookingStep.ts";

export type Chosen = { serviceId?: string; minutes?: number; startsAt?: string };

/** How many entries of the browser's history belong to the open dialog. */
type BookingHistory = { bookingDepth?: number } | null;

export type BookingAddress = {
  /** null: the dialog is closed. */
  asked: AskedStep | null;
  /** Whether the dialog was open once: then its code is here and stays mounted. */
  wasOpened: boolean;
  /** This very place, to come back to. */
  here: string;
  open: (chosen?: Chosen) => void;
  /** Changes what is chosen without a new entry in the history. */
  choose: (chosen: Chosen) => void;
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
  const depth = (location.state as BookingHistory)?.bookingDepth ?? 0;
  if (asked) {
    wasOpened.current = true;
    lastSearch.current = location.search;
  }

  const to = (name: StepName, chosen: Chosen = {}) => {
    const search = new URLSearchParams(lastSearch.current);
    search.set("book", name);
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
  const push = (address: string) =>
    navigate(address, {
      state: { bookingDepth: depth + 1 } satisfies BookingHistory,
      preventScrollReset: true,
    });
  const replace = (address: string) => navigate(address, { replace: true, state: location.state });

  return {
    asked,
    wasOpened: wasOpened.current,
    here: location.pathname + location.search,
    open: (chosen) => {
      opener.current = document.activeElement;
      push(to(chosen ? "time" : "service", chosen));
    },
    choose: (chosen) => replace(to(asked?.name ?? "service", chosen)),
    goOn: (name) => push(to(name)),
    // The dialog's own Back is the browser's, where there is an entry to go back to.
    goBack: (name) => (depth > 1 ? navigate(-1) : replace(to(name))),
    close: () => (depth > 0 ? navigate(-depth) : navigate(location.pathname, { replace: true })),
    leave: (path) => {
      if (depth === 0) return navigate(path, { replace: true });
      window.addEventListener("popstate", () => navigate(path), { once: true });
      return navigate(-depth);
    },
    leaveForNow: (path) => replace(path),
    returnFocus: () => (opener.current instanceof HTMLElement ? opener.current.focus() : undefined),
  };
}
