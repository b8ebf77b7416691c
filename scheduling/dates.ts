/** Dates and times of day as integers: an epoch day is days since 1970-01-01, a time of day is minutes. */

import { asMinutes, type EpochDay, type LocalDate, type Minutes, type Unitless } from "./units.ts";

const COLON = 58;
const HYPHEN = 45;

/** The ASCII digits at `at` and `at + 1` as a number, or -1. Unicode's other digits are not digits here. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** 'HH:MM' from '00:00' to '24:00' -> minutes, else -1. No seconds, no blanks, no missing zero. */
export function minutesOf(text: string): number {
  if (text.length !== 5 || text.charCodeAt(2) !== COLON) return -1;
  const hour = twoDigits(text, 0);
  const minute = twoDigits(text, 3);
  const value = hour * 60 + minute;
  return hour >= 0 && minute >= 0 && minute < 60 && value <= 1440 ? value : -1;
}

/** 'HH:MM' from '00:00' to '23:59' -> minutes, else null. */
export function parseTime(text: string): Minutes | null {
  const value = minutesOf(text);
  return value >= 0 && value < 1440 ? asMinutes(value) : null;
}

/** As `parseTime`, for the end of a window: '24:00' and '00:00' are midnight at the end of the day, 1440. */
export function parseEndTime(text: string): Minutes | null {
  const value = minutesOf(text);
  if (value < 0) return null;
  return asMinutes(value === 0 ? 1440 : value);
}

/** 0..1439 -> 'HH:MM'. */
export function formatTime(time: Minutes): string {
  return `${twoPlaces(Math.floor(time / 60))}:${twoPlaces(time % 60)}`;
}

/** 'YYYY-MM-DD' (years 0000..9999) -> epoch day, or null when there is no such date. */
export function parseDate(text: string): EpochDay | null {
  if (text.length !== 10 || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return null;
  const century = twoDigits(text, 0);
  const inCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (century < 0 || inCentury < 0 || month < 1 || month > 12 || day < 1) return null;
  const year = century * 100 + inCentury;
  return day <= daysInMonth(year, month) ? epochDayOf(year, month, day) : null;
}

/** The text if it is a date, as `parseDate` reads it, else null. */
export function readDate(text: string): LocalDate | null {
  return parseDate(text) === null ? null : (text as LocalDate);
}

/** @throws RangeError for text that is no date */
export function localDate(text: string): LocalDate {
  const date = readDate(text);
  if (date === null) throw new RangeError(`Not a date: ${text}`);
  return date;
}

/** @throws RangeError for a date from outside that was never parsed */
export function dayOf(date: LocalDate): EpochDay {
  const day = parseDate(date);
  if (day === null) throw new RangeError(`Not a date: ${date}`);
  return day;
}

/** Brands the result of a computation with days. */
export function epochDay(value: number): EpochDay {
  return value as EpochDay;
}

/** Epoch day -> 'YYYY-MM-DD'. @throws RangeError outside of the years 0000..9999, which need another spelling. */
export function formatDate(day: EpochDay): LocalDate {
  // The inverse of `epochDayOf`, Howard Hinnant's `civil_from_days`.
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`Not a date of the years 0000..9999: ${day}`);
  return `${String(year).padStart(4, "0")}-${twoPlaces(month)}-${twoPlaces(dayOfMonth)}` as LocalDate;
}

/** Epoch day -> 0 (Sunday) .. 6 (Saturday), as `availability_slots.day_of_week` counts. */
export function dayOfWeek(day: EpochDay): number {
  return (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday.
}

/** Epoch day of the Monday that begins the ISO 8601 week of a day. */
export function mondayOf(day: EpochDay): EpochDay {
  return epochDay(day - ((((day + 3) % 7) + 7) % 7));
}

/** @throws RangeError outside of the years 0000..9999, and as `dayOf` */
export function addDays(date: LocalDate, days: Unitless): LocalDate {
  return formatDate(epochDay(dayOf(date) + days));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Howard Hinnant's `days_from_civil`: years begin in March, so that the leap day comes last. */
function epochDayOf(year: number, month: number, day: number): EpochDay {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return epochDay(era * 146_097 + dayOfEra - 719_468);
}

function twoPlaces(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
