/** The API's messages about a single invalid field. Forms check with their own sentences before they send. */
import type { Minutes } from "#scheduling/units.ts";
import { count } from "./language.ts";

export const fieldErrors = {
  missing: "Please fill this in.",
  invalid: "This isn’t valid.",
  unknownField: "This field isn’t known here.",
  unstorable: "This text contains a character that can’t be stored.",
  tooLong: (characters: number) => `Use at most ${characters.toLocaleString("en")} characters.`,
  tooShort: (characters: number) => `Use at least ${characters} characters.`,
  id: "This isn’t a valid id.",
  email: "This isn’t a valid e-mail address.",
  phone: "Use digits, spaces and an optional leading +.",
  timeZone: "We don’t know this time zone. Choose another, such as Asia/Kolkata.",
  reserved: "This username is reserved.",
  username: ({ min, max }: { min: number; max: number }) =>
    `Use ${min} to ${max} letters, digits or hyphens.`,
  sessionType: "Choose one of the session types.",
  stars: "Choose one to five stars.",
  cursor: "This cursor isn’t valid. Start again from the first page.",
  login: "Name the login to end.",
  wrongPassword: "Wrong password.",
  wrongCode: "That code isn’t right, or it has been used.",
  hasPassword: "Your account already has a password. Change it instead.",
  code: "Enter the six digits from the e-mail.",
  codeNotAccepted: "This code isn’t right, or it no longer works. You can ask for a new one.",
  sameAddress: "This is already your address.",
  easyPassword: "This password is easy to guess. Try three or four unrelated words.",
};

export const dateErrors = {
  date: "Use an existing date in the form YYYY-MM-DD.",
  time: "Use a time between 00:00 and 23:59 in the form HH:MM.",
  endTime: "Use a time between 00:00 and 24:00 in the form HH:MM.",
  instant: "Use an instant such as 2026-11-23T08:30:00Z.",
  endBeforeStart: "The end is before the start.",
  lastBeforeFirst: "The last day is before the first.",
  bothOrNeither: "Give from and to, or neither.",
  tooManyDays: (days: number) => `Ask for at most ${count(days, { one: "day", other: "days" })} at once.`,
  tooManyDaysOff: (days: number) => `Block at most ${count(days, { one: "day", other: "days" })} at once.`,
  weekday: "Use 0 (Sunday) to 6 (Saturday).",
  weekdayOrDate: "Give either a day of the week or a date.",
  weeklyHaveNoDate: "Weekly hours have no date. Add date-specific hours instead.",
  datedHaveNoWeekday: "Date-specific hours have no day of the week. Add weekly hours instead.",
  replacesOnADate: "Only date-specific hours can replace the weekly ones.",
  skippedByClocks: "The clocks skip this time on that day.",
  instantDiffers: "This instant doesn’t match the date and time.",
  over: "These days have passed.",
};

export const numberErrors = {
  whole: "Use a whole number.",
  wholeMinutes: "Use whole minutes.",
  wholeDays: "Use whole days.",
  negative: "This can’t be negative.",
  percent: "Use a whole number from 0 to 100.",
  atLeast: (most: number) => `Use at least ${most}.`,
  atMost: (most: number) => `Use at most ${most}.`,
  atMostMinutes: (most: Minutes) => `Use at most ${count(most, { one: "minute", other: "minutes" })}.`,
  atLeastDays: (least: number) => `Use at least ${count(least, { one: "day", other: "days" })}.`,
  atMostDays: (most: number) => `Use at most ${count(most, { one: "day", other: "days" })}.`,
  atLeastSeats: (least: number) => `Use at least ${count(least, { one: "seat", other: "seats" })}.`,
  atMostSeats: (most: number) => `Use at most ${count(most, { one: "seat", other: "seats" })}.`,
  atLeastTimes: (least: number) => `Choose at least ${count(least, { one: "time", other: "times" })}.`,
  atMostTimes: (most: number) => `Choose at most ${count(most, { one: "time", other: "times" })}.`,
  sameTimeTwice: "The same time is chosen twice.",
  startsTooClose: (minutes: Minutes) =>
    `Starts are at least ${count(minutes, { one: "minute", other: "minutes" })} apart.`,
  sessionTooShort: (minutes: Minutes) =>
    `A session lasts at least ${count(minutes, { one: "minute", other: "minutes" })}.`,
  sessionTooLong: (hours: number) =>
    `A session lasts at most ${count(hours, { one: "hour", other: "hours" })}.`,
  priceNegative: "A price can’t be negative.",
  aboveZero: "Enter an amount above zero.",
  priceTooHigh: "This price is too high.",
  decimals: "Use at most two decimals.",
  currency: "Prices are in INR.",
};

export const taxErrors = {
  gstin: "This isn’t a valid GSTIN. Please check each character.",
  state: "Choose one of the States.",
  notOfState: "The GSTIN is of another State: its first two digits say which.",
  sac: "A SAC has six digits and begins with 99.",
  rate: "Use a rate between 0 and 100 % with at most two decimals.",
};

export const payoutErrors = {
  holder: "Use the name as the bank has it: letters, spaces and dots.",
  accountNumber: "An account number has 9 to 18 digits.",
  ifsc: "An IFSC looks like HDFC0001234.",
  linkedAccount: "A linked account looks like acc_ABC123.",
  reference: "A bank reference has 6 to 40 letters and digits.",
  referenceUsed: "This reference belongs to another payout of this mentor.",
  columns: "The first line must name the columns payout_id, result, reference and reason.",
  csv: "This isn’t a CSV file.",
  range: "The first day must be before the last.",
};

export const offerErrors = {
  atLeast: (least: number) => `Use at least ${least}.`,
  atMost: (most: number) => `Use at most ${most}.`,
  percent: "Use a percentage between 1 and 100 with at most two decimals.",
  oneDiscount: "Choose either a percentage or an amount.",
  code: "Use 3 to 32 letters, digits or hyphens.",
  endsBeforeStart: "The end must come after the start.",
  endsTooLate: (days: number) => `A coupon can be used for at most ${days} days from when it was made.`,
  priceOfPackage: "A package must have a price.",
};

export const listErrors = {
  nameAtMost: (most: number) => `Name at most ${most}.`,
  noLength: "Offer at least one length.",
  tooManyLengths: (most: number) => `Offer at most ${count(most, { one: "length", other: "lengths" })}.`,
  lengthTwice: "Each length can be offered once.",
  noProposal: "Suggest at least one time.",
  tooManyProposals: (most: number) => `Suggest at most ${count(most, { one: "time", other: "times" })}.`,
  proposalTwice: "Suggest each time once.",
  nothingToFollow: "Name something to follow.",
  tooManyMentors: (most: number) => `Follow at most ${count(most, { one: "mentor", other: "mentors" })}.`,
  tooManyFields: (most: number) => `Send at most ${count(most, { one: "field", other: "fields" })}.`,
};

export const linkErrors = {
  missing: "Please enter a link.",
  notHttps: "Use a full link that begins with https://.",
  hasLogin: "Remove the user name and password from the link.",
};
