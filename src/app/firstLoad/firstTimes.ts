import { epochMs } from "#scheduling/units.ts";
import { timeTexts } from "@/features/book/timeTexts.ts";
import { firstViewId } from "@/lib/firstView.ts";
import { deviceTimeZone, zoneCity, zoneOption } from "@/lib/time.ts";
import { setViewerTimeZone, viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";

/**
 * Writes the times of the document in the viewer's time zone. A tap on one of them is kept in the address, where the app
 * finds it; a reload, which the link would be, would begin to load the app again.
 */
export function writeFirstTimes(): void {
  const view = document.getElementById(firstViewId);
  if (!view) return;
  const { free = "", chosen: chosenClasses = "" } = view.dataset;
  const links = [...view.querySelectorAll<HTMLAnchorElement>("[data-starts-at]")];

  const write = () => {
    const zone = viewerTimeZone();
    setPart(view, "zone", zoneOption(zone));
    for (const link of links) {
      const startsAt = epochMs(Number(link.dataset.startsAt));
      const { day, time, mentorTime } = timeTexts(startsAt, zone, link.dataset.zone ?? zone);
      setPart(link, "day", day);
      setPart(link, "time", time);
      setPart(link, "mentor-time", mentorTime ?? "");
      const line = find(link, "mentor-time")?.closest<HTMLElement>(".text-xs");
      if (line) line.hidden = mentorTime === null;
    }
    const device = deviceTimeZone();
    const note = find(view, "device");
    if (note) note.hidden = zone === device;
    for (const city of view.querySelectorAll(part("city"))) city.textContent = zoneCity(device);
  };
  write();
  find(view, "no-script")?.remove();
  find(view, "use-device")?.addEventListener("click", () => {
    setViewerTimeZone(null);
    write();
  });

  view.addEventListener("focusin", ({ target }) => {
    view.dataset.focused = (target as HTMLElement).dataset.startsAt ?? "";
  });
  view.addEventListener("click", (event) => {
    const chosen = links.find((link) => link.contains(event.target as Node));
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.replaceState(history.state, "", chosen.href);
    // The app, if it is there already, reads the address again.
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    for (const link of links) show(link, link === chosen);
    const missing = find(view, "missing");
    if (missing) missing.hidden = true;
  });

  function show(link: HTMLAnchorElement, isChosen: boolean): void {
    link.className = isChosen ? chosenClasses : free;
    if (isChosen) link.ariaCurrent = "true";
    else link.removeAttribute("aria-current");
    for (const line of link.querySelectorAll(".text-xs")) line.classList.toggle("text-ink-soft", !isChosen);
  }
}

function part(name: string): string {
  return `[data-part="${name}"]`;
}

function find(within: HTMLElement, name: string): HTMLElement | null {
  return within.querySelector<HTMLElement>(part(name));
}

function setPart(within: HTMLElement, name: string, text: string): void {
  const element = find(within, name);
  if (element) element.textContent = text;
}
