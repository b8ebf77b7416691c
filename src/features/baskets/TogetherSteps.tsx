import type { ReactNode } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { decimalOf, isSameMoney, type Money } from "#rules/money.ts";
import { bookTogether } from "#words/baskets.ts";
import { detailsStep } from "#words/bookDetails.ts";
import { changePolicy } from "#words/bookings.ts";
import { groupSeat } from "#words/groupSessions.ts";
import { AccountStep } from "@/features/book/AccountStep.tsx";
import type { StepName, Together } from "@/features/book/bookingStep.ts";
import { ConfirmAddressStep } from "@/features/book/ConfirmAddressStep.tsx";
import { ContactFields } from "@/features/book/ContactFields.tsx";
import { CouponField } from "@/features/book/CouponField.tsx";
import { expectedPrice } from "@/features/book/expectedPrice.ts";
import { RefusalAlert } from "@/features/book/RefusalAlert.tsx";
import { RequestNote } from "@/features/book/RequestNote.tsx";
import { StepFooter } from "@/features/book/StepFooter.tsx";
import { isOfferRefusal } from "@/features/book/shownPrice.ts";
import type { BookTogetherProps } from "@/features/book/timeAsides.ts";
import { agreedTotalOf } from "@/features/book/totals.ts";
import { type BookingDetails, detailsOf } from "@/features/book/useBookingDraft.ts";
import { useDetailsForm } from "@/features/book/useDetailsForm.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { formatMoney, formatPrice } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { TogetherSession } from "./basketSlots.ts";
import { PriceSum } from "./PriceSum.tsx";
import { refusedOf } from "./refusedSessions.ts";
import { togetherPrice } from "./togetherPrice.ts";
import { useTogetherCoupon } from "./useTogetherCoupon.ts";
import {
  type PreparedBooking,
  type TogetherRequest,
  useTogetherSubmission,
} from "./useTogetherSubmission.ts";

type TogetherStepsProps = Pick<BookTogetherProps, "mentor" | "address" | "draft"> & {
  aside: Together;
  part: StepName;
  timeZone: string;
  /** Earliest first, at least two. */
  sessions: readonly TogetherSession[];
  /** The package that pays for them. */
  packageId?: string | undefined;
  /** What is paid when they are booked, of the total; everything if it is left out. */
  dueNow?: (addRecording: boolean) => Money;
  prepare: (request: TogetherRequest, details: BookingDetails) => PreparedBooking;
  onRefused: (problem: ApiProblem) => void;
  onBooked: () => void;
  /** The sessions, beside the form. */
  list: ReactNode;
  /** Above the fields. */
  notice?: (refusal: ApiProblem | null) => ReactNode;
  /** Below the fields: how to pay. */
  payment?: (addRecording: boolean, withCoupon: { total: Money; first: Money } | undefined) => ReactNode;
};

/** The last steps of several sessions that are booked at once: who books, the price, an account, and the button that books. */
export function TogetherSteps(props: TogetherStepsProps) {
  const { mentor, address, draft, aside, part, sessions } = props;
  const submission = useTogetherSubmission({ ...props, many: sessions.length, isShown: part === "details" });
  const { refusal } = submission;
  const { choice } = sessions[0]!;
  const approval = approvalOfAll(mentor, sessions);
  if (!draft.isKnown) return <PartLoading />;
  const details = detailsOf(draft.draft);
  const together = {
    brief: briefOf(props, agreedTotalOf(choice, details)),
    submit: bookTogether.submit[approval](sessions.length),
  };
  if (part === "account" && submission.isSignedOut && details.name && details.email) {
    return (
      <AccountStep
        {...{ choice, details, approval, together }}
        onSignedIn={() => {
          submission.submitAfterSignIn();
          void address.goBack("details", aside);
        }}
        onBack={() => address.goBack("details", aside)}
      />
    );
  }
  if (refusal?.code === "address_not_confirmed") {
    return (
      <ConfirmAddressStep
        {...{ choice, details, approval, together }}
        mentorName={firstName(mentor.full_name)}
        onConfirmed={submission.again}
        onBack={submission.clearRefusal}
      />
    );
  }
  return <TogetherDetails {...props} submission={submission} approval={approval} />;
}

type TogetherDetailsProps = TogetherStepsProps & {
  submission: ReturnType<typeof useTogetherSubmission>;
  approval: ReturnType<typeof approvalOf>;
};

function TogetherDetails({ submission, approval, ...props }: TogetherDetailsProps) {
  const { mentor, sessions, draft, aside, address, packageId } = props;
  const { isSubmitting } = submission;
  const form = useDetailsForm({ draft: draft.draft, onDraftChange: draft.save, refusal: submission.refusal });
  const recordings = sessions.map(({ choice }) => choice.prices.recordingPrice);
  const mayRecord = recordings.some((price) => price !== null);
  const addRecording = Boolean(form.watch("addRecording")) && mayRecord;
  const wanted = { addRecording, withCredits: packageId !== undefined };
  const { code, coupon, first } = useTogetherCoupon({
    mentorId: mentor.id,
    ...{ sessions, addRecording, packageId, form },
    refusal: submission.refusal,
    listTotal: togetherPrice(sessions, wanted).total,
  });
  const { refusal } = code;
  const price = togetherPrice(sessions, { ...wanted, coupon });
  const total = expectedPrice(refusal) ?? price.total;
  const dueNow = props.dueNow ? (first ?? props.dueNow(addRecording)) : total;
  const approvedLast =
    sessions.find(({ choice }) => approvalOf(mentor, choice.service) === approval) ?? sessions[0]!;
  const hasRefused = refusedOf(refusal).length > 0;
  // The times of a basket are chosen in the usual step.
  const onBack = () => address.goBack("time", aside.name === "series" ? aside : undefined);
  const submit = (typed: BookingDetails) => {
    if (!code.isAgreed()) return;
    const details = { ...typed, agreedTotal: String(decimalOf(total)) };
    draft.save(details);
    // A code that was typed is not meant where none is asked for.
    const couponCode = code.isShown ? (details.couponCode ?? "") : "";
    void submission.submit({ details: { ...details, couponCode }, total });
  };
  return (
    <form onSubmit={form.handleSubmit(submit)} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{bookTogether.title}</StepHeading>
        <div className="grid gap-6 md:grid-cols-[1fr_20rem] md:items-start">
          <div className="space-y-5">
            {props.notice?.(refusal)}
            <RequestNote mentor={mentor} choice={approvedLast.choice} />
            {!hasRefused && !isOfferRefusal(refusal) && (
              <RefusalAlert refusal={refusal} hasCode={code.isApplied} />
            )}
            {!hasRefused && <OtherErrors refusal={refusal} />}
            <ContactFields form={form} mentorName={firstName(mentor.full_name)} />
            {sessions.some(({ choice }) => choice.service.capacity > 1) && (
              <Checkbox
                {...form.register("showsName")}
                label={groupSeat.showName}
                detail={groupSeat.showNameDetail}
              />
            )}
            {mayRecord && (
              <Checkbox
                {...form.register("addRecording", { onChange: submission.clearRefusal })}
                label={recordingLabel(recordings)}
                detail={detailsStep.recordingDetail}
              />
            )}
            {props.payment?.(addRecording, first && { total, first })}
            <CouponField form={form} code={code} isSignedOut={submission.isSignedOut} />
          </div>
          <section
            aria-labelledby="order-summary"
            className="rounded-card border border-line bg-surface p-4 shadow-card sm:p-5"
          >
            <h4 id="order-summary" className="mb-2 font-bold">
              {bookTogether.order(sessions.length)}
            </h4>
            {props.list}
            <PriceSum lines={price.lines} total={total} dueNow={dueNow} />
            <p className="mt-3 text-sm text-ink-soft">
              {bookTogether.allOrNone} {changePolicy(sessions[0]!.choice.service)}
            </p>
          </section>
        </div>
      </DialogBody>
      <StepFooter
        choice={null}
        total={null}
        {...(!isSubmitting && { onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {isSubmitting ? detailsStep.processing : bookTogether.submit[approval](sessions.length)}
          </Button>
        }
      >
        <p className="leading-snug font-bold">{briefOf(props, total)}</p>
        {submission.isSignedOut && <p className="mt-1 text-sm font-semibold">{detailsStep.accountNext}</p>}
      </StepFooter>
    </form>
  );
}

/** How many sessions for how much. What a package pays for is not called free. */
function briefOf({ sessions, packageId }: TogetherStepsProps, total: Money): string {
  const isCovered = packageId !== undefined && total.minor === 0;
  return bookTogether.brief(isCovered ? bookTogether.byPackage : formatMoney(total), sessions.length);
}

/** Errors of what has no field here, such as the way to pay. */
function OtherErrors({ refusal }: { refusal: ApiProblem | null }) {
  const own = ["user_name", "user_email", "user_phone", "message", "coupon_code", "total_amount"];
  const errors = refusal?.fieldErrors.filter(({ field }) => !own.includes(field)) ?? [];
  if (errors.length === 0) return null;
  return (
    <Alert tone="bad">
      {errors.map(({ field, message }) => (
        <p key={field}>{message}</p>
      ))}
    </Alert>
  );
}

function recordingLabel(prices: readonly (Money | null)[]): string {
  const [first, ...others] = prices;
  const isSame = first && others.every((price) => price && isSameMoney(price, first));
  return isSame ? bookTogether.addRecordings(formatPrice(first)) : bookTogether.addRecordingsWherePossible;
}

/** Of the session that needs it most. */
function approvalOfAll(mentor: Mentor, sessions: readonly TogetherSession[]) {
  const approvals = sessions.map(({ choice }) => approvalOf(mentor, choice.service));
  return (["approve", "approve_first"] as const).find((each) => approvals.includes(each)) ?? "instant";
}
