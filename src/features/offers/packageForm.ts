import type { CreatePackage, OwnPackage, UpdatePackage } from "#contract/offers.ts";
import type { Service } from "#contract/services.ts";
import { offerLimits } from "#rules/moneyLimits.ts";
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { packageErrors } from "#words/packages.ts";

/** A package as it is typed. */
export interface PackageForm {
  /** A service and a length: "<id> <minutes>". */
  session: string;
  sessions: string;
  price: string;
  valid_days: string;
}

/** What a package can be made of: a service's length that has a price. */
export interface PricedLength {
  value: string;
  title: string;
  minutes: Minutes;
  price: number;
  currency: string;
}

export function pricedLengths(services: readonly Service[]): PricedLength[] {
  return services
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, title, durations, currency }) =>
      durations
        .filter(({ price }) => price > 0)
        .map(({ minutes, price }) => ({ value: `${id} ${minutes}`, title, minutes, price, currency })),
    );
}

/** Five for the price of four. */
export function newPackage([first]: readonly PricedLength[]): PackageForm {
  return {
    session: first?.value ?? "",
    sessions: "5",
    price: first ? String(first.price * 4) : "",
    valid_days: "180",
  };
}

export function packageFormOf({ service_id, minutes, sessions, price, valid_days }: OwnPackage): PackageForm {
  return {
    session: `${service_id} ${minutes}`,
    sessions: String(sessions),
    price: String(price),
    valid_days: String(valid_days),
  };
}

/** What can change of a package. */
export function packageTermsOf({ sessions, price, valid_days }: PackageForm): UpdatePackage {
  return { sessions: Number(sessions), price: Number(plain(price)), valid_days: Number(valid_days) };
}

export function packageOf(form: PackageForm): CreatePackage {
  const [service_id = "", minutes = ""] = form.session.split(" ");
  return {
    service_id,
    minutes: asMinutes(Number(minutes)),
    sessions: Number(form.sessions),
    price: Number(plain(form.price)),
    valid_days: Number(form.valid_days),
  };
}

export function sessionsProblem(text: string): string | true {
  return isWithin(text, offerLimits.packageSessions) || packageErrors.sessions(offerLimits.packageSessions);
}

export function validDaysProblem(text: string): string | true {
  return isWithin(text, offerLimits.packageDays) || packageErrors.validDays(offerLimits.packageDays);
}

/** Accepts '8,000' as typed in India. */
export function priceProblem(text: string): string | true {
  return (/^\d+(\.\d{1,2})?$/.test(plain(text)) && Number(plain(text)) > 0) || packageErrors.price;
}

function isWithin(text: string, { min, max }: { min: number; max: number }): boolean {
  return /^\s*\d+\s*$/.test(text) && Number(text) >= min && Number(text) <= max;
}

function plain(text: string): string {
  return text.replaceAll(/[\s,₹]/g, "");
}
