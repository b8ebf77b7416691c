import type { CreateService, Service, SessionType } from "#contract/services.ts";
import { numberLimits } from "#rules/limits.ts";
import { serviceErrors } from "#words/serviceEditor.ts";

/** The values of the service form. Numbers are text while they are typed. */
export type ServiceForm = {
  session_type: SessionType;
  title: string;
  description: string;
  durations: { minutes: string; price: string }[];
  capacity: string;
  has_recording: boolean;
  recording_price: string;
  instant_confirm: "profile" | "yes" | "no";
  /** Minutes. */
  cancel_cutoff: string;
  reschedule_cutoff: string;
};

export const newService: ServiceForm = {
  session_type: "oneOnOneSession",
  title: "",
  description: "",
  durations: [{ minutes: "60", price: "" }],
  capacity: "5",
  has_recording: false,
  recording_price: "",
  instant_confirm: "profile",
  cancel_cutoff: "0",
  reschedule_cutoff: "0",
};

export function serviceFormOf(service: Service): ServiceForm {
  return {
    session_type: service.session_type,
    title: service.title,
    description: service.description,
    durations: service.durations.map(({ minutes, price }) => ({
      minutes: String(minutes),
      price: String(price),
    })),
    capacity: service.session_type === "groupSession" ? String(service.capacity) : newService.capacity,
    has_recording: service.recording_price !== null,
    recording_price: service.recording_price === null ? "" : String(service.recording_price),
    instant_confirm: service.instant_confirm === null ? "profile" : service.instant_confirm ? "yes" : "no",
    cancel_cutoff: String(service.cancel_cutoff),
    reschedule_cutoff: String(service.reschedule_cutoff),
  };
}

export function serviceOf(form: ServiceForm): CreateService {
  return {
    session_type: form.session_type,
    title: form.title.trim(),
    description: form.description.trim(),
    durations: form.durations.map(({ minutes, price }) => ({
      minutes: Number(minutes),
      price: amountOf(price),
    })),
    capacity: form.session_type === "groupSession" ? Number(form.capacity) : 1,
    recording_price: form.has_recording ? amountOf(form.recording_price) : null,
    instant_confirm: form.instant_confirm === "profile" ? null : form.instant_confirm === "yes",
    cancel_cutoff: Number(form.cancel_cutoff),
    reschedule_cutoff: Number(form.reschedule_cutoff),
  };
}

/** Accepts '1,500.50' as typed in India. An empty field is an error, not a price of 0. */
export function amountProblem(text: string): string | true {
  if (text.trim() === "") return serviceErrors.noPrice;
  return /^\d+(\.\d{1,2})?$/.test(plain(text)) || serviceErrors.badPrice;
}

export function minutesProblem(text: string, form: ServiceForm, index: number): string | true {
  if (!/^\s*\d+\s*$/.test(text)) return serviceErrors.badMinutes;
  const minutes = Number(text);
  const { min, max } = numberLimits.sessionMinutes;
  if (minutes < min || minutes > max) return serviceErrors.minutesRange;
  const isTwice = form.durations.some((other, at) => at < index && Number(other.minutes) === minutes);
  return isTwice ? serviceErrors.sameLength : true;
}

export function capacityProblem(text: string): string | true {
  const seats = Number(text);
  const { max } = numberLimits.seats;
  return (/^\s*\d+\s*$/.test(text) && seats >= 2 && seats <= max) || serviceErrors.seatsRange;
}

function amountOf(text: string): number {
  return Number(plain(text));
}

function plain(text: string): string {
  return text.replaceAll(/[\s,₹]/g, "");
}
