import type { CreateService, Service, SessionType } from "#contract/services.ts";
import { mentorShareOf } from "#rules/fees.ts";
import { numberLimits } from "#rules/limits.ts";
import { type Money, parseMoney } from "#rules/money.ts";
import { shareLimits } from "#rules/moneyLimits.ts";
import { defaultRefunds, presetOf, type RefundPolicy, type RefundPreset } from "#rules/refundPolicy.ts";
import { asMinutes } from "#scheduling/units.ts";
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
  refund_preset: RefundPreset | "custom";
  refund_full_cutoff: string;
  refund_partial_cutoff: string;
  refund_partial_percent: string;
  opens_by: "booking" | "mentor";
  min_attendees: string;
  /** Minutes. */
  decide_minutes: string;
  late_join_minutes: string;
};

/** The fields of a refund policy. */
export function refundFieldsOf(policy: RefundPolicy) {
  return {
    refund_full_cutoff: String(policy.fullCutoff),
    refund_partial_cutoff: String(policy.partialCutoff),
    refund_partial_percent: String(policy.partialPercent),
  };
}

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
  refund_preset: presetOf(defaultRefunds) ?? "custom",
  ...refundFieldsOf(defaultRefunds),
  opens_by: "booking",
  min_attendees: "1",
  decide_minutes: "1440",
  late_join_minutes: "0",
};

export function serviceFormOf(service: Service): ServiceForm {
  const refunds = {
    fullCutoff: service.refund_full_cutoff,
    partialCutoff: service.refund_partial_cutoff,
    partialPercent: service.refund_partial_percent,
  };
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
    refund_preset: presetOf(refunds) ?? "custom",
    ...refundFieldsOf(refunds),
    opens_by: service.opens_by_booking ? "booking" : "mentor",
    min_attendees: String(service.min_attendees),
    decide_minutes: String(service.decide_minutes),
    late_join_minutes: String(service.late_join_minutes),
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
    refund_full_cutoff: Number(form.refund_full_cutoff),
    refund_partial_cutoff: Number(form.refund_partial_cutoff),
    refund_partial_percent: Number(form.refund_partial_percent),
    ...groupTermsOf(form),
  };
}

/** What only a group session needs. */
function groupTermsOf(form: ServiceForm) {
  if (form.session_type !== "groupSession") return { opens_by_booking: true, min_attendees: 1 };
  return {
    opens_by_booking: form.opens_by === "booking",
    min_attendees: Number(form.min_attendees),
    decide_minutes: Number(form.decide_minutes),
    late_join_minutes: Number(form.late_join_minutes),
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

export function minimumProblem(text: string, form: ServiceForm): string | true {
  const people = Number(text);
  if (!/^\s*\d+\s*$/.test(text) || people < 1) return serviceErrors.minimumRange;
  return people <= Number(form.capacity) || serviceErrors.minimumAboveSeats;
}

export function percentProblem(text: string): string | true {
  const { min, max } = shareLimits.refundPercent;
  const percent = Number(text);
  return (/^\s*\d+\s*$/.test(text) && percent >= min && percent <= max) || serviceErrors.percentRange;
}

export function refundOrderProblem(partialCutoff: string, form: ServiceForm): string | true {
  return Number(partialCutoff) <= Number(form.refund_full_cutoff) || serviceErrors.refundOrder;
}

/** null while what is typed is none. */
export function refundPolicyOf(form: ServiceForm): RefundPolicy | null {
  const isPolicy =
    percentProblem(form.refund_partial_percent) === true &&
    refundOrderProblem(form.refund_partial_cutoff, form) === true;
  if (!isPolicy) return null;
  return {
    fullCutoff: asMinutes(Number(form.refund_full_cutoff)),
    partialCutoff: asMinutes(Number(form.refund_partial_cutoff)),
    partialPercent: Number(form.refund_partial_percent),
  };
}

/** What the mentor receives of a price that is typed; null when that is nothing. */
export function receivedOf(text: string, feePercent: number): { price: Money; share: Money } | null {
  const price = amountProblem(text) === true ? parseMoney(amountOf(text), "INR") : null;
  if (!price || price.minor === 0) return null;
  return { price, share: mentorShareOf(price, Math.round(feePercent * 100)) };
}

function amountOf(text: string): number {
  return Number(plain(text));
}

function plain(text: string): string {
  return text.replaceAll(/[\s,₹]/g, "");
}
