import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { decimalOf } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { detailsStep } from "#words/bookDetails.ts";
import { acceptOffer as words } from "#words/waitlist.ts";
import { askedContact } from "@/features/book/askedContact.ts";
import { askedOffers } from "@/features/book/askedOffers.ts";
import { type Choice, choiceIn } from "@/features/book/bookingStep.ts";
import { ContactFields } from "@/features/book/ContactFields.tsx";
import { ConfirmAddressStep } from "@/features/book/lazySteps.ts";
import { OfferFields } from "@/features/book/OfferFields.tsx";
import { OrderSummary } from "@/features/book/OrderSummary.tsx";
import { RefusalAlert } from "@/features/book/RefusalAlert.tsx";
import { StepFooter } from "@/features/book/StepFooter.tsx";
import { pageAfter } from "@/features/book/sendBooking.ts";
import { isOfferRefusal } from "@/features/book/shownPrice.ts";
import type { BookingDetails } from "@/features/book/useBookingDraft.ts";
import { useDetailsForm } from "@/features/book/useDetailsForm.ts";
import { usePriceOffers } from "@/features/book/usePriceOffers.ts";
import { ApiProblem } from "@/lib/api.ts";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { formatMoney, formatPrice } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { navigate } from "@/lib/router/location.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Dialog, DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { acceptOffer } from "./api.ts";
import { KeptUntil } from "./KeptUntil.tsx";
import type { OfferedEntry } from "./waitlistState.ts";

/** Group sessions only. */
const GroupTerms = lazy(() => import("@/features/groupSessions/GroupTerms.tsx"));

type AcceptDialogProps = { entry: OfferedEntry; timeZone: string; onClose: () => void };

/** Books what is kept for the reader: the last step of a booking, at the price of now. */
export function AcceptDialog({ entry, timeZone, onClose }: AcceptDialogProps) {
  const { data: mentor, error, refetch } = useQuery(mentorQuery(entry.mentor.username));
  const [isSubmitting, setIsSubmitting] = useState(false);
  const choice = mentor && choiceIn(mentor, { serviceId: entry.service_id, minutes: entry.duration });
  return (
    <Dialog
      open
      onClose={() => !isSubmitting && onClose()}
      title={words.dialog(firstName(entry.mentor.full_name))}
      size="lg"
    >
      {mentor && choice ? (
        <AcceptForm {...{ entry, timeZone, mentor, choice, isSubmitting, setIsSubmitting, onClose }} />
      ) : mentor ? (
        <DialogBody>
          <Alert tone="warning">{words.notOffered}</Alert>
        </DialogBody>
      ) : error ? (
        <DialogBody>
          <ProblemState title={words.failed} error={error} onRetry={refetch} />
        </DialogBody>
      ) : (
        <PartLoading />
      )}
    </Dialog>
  );
}

type AcceptFormProps = AcceptDialogProps & {
  mentor: Mentor;
  choice: Choice;
  isSubmitting: boolean;
  setIsSubmitting: (isSubmitting: boolean) => void;
};

function AcceptForm(props: AcceptFormProps) {
  const { entry, timeZone, mentor, choice, isSubmitting, setIsSubmitting } = props;
  const { offer } = entry;
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Partial<BookingDetails>>({});
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const [agrees, setAgrees] = useState(false);
  const [isMissing, setIsMissing] = useState(false);
  const tick = useRef<HTMLInputElement>(null);
  const attempt = useRef({ data: "", key: "" });
  const form = useDetailsForm({ draft, onDraftChange: setDraft, refusal });
  const offers = usePriceOffers({ mentor, choice, form, refusal });
  const startsAt = parseInstant(offer.starts_at);
  const mentorName = firstName(mentor.full_name);
  const { recordingPrice } = choice.prices;
  const { total } = offers;
  const isGroup = choice.service.capacity > 1;

  const send = async (typed: BookingDetails) => {
    if (!offers.code.isAgreed()) return;
    if (offer.is_final && !agrees) {
      setIsMissing(true);
      tick.current?.focus();
      return;
    }
    const details = offers.agreed(typed);
    const addRecording = details.addRecording && recordingPrice !== null;
    const data = {
      total_amount: decimalOf(total),
      timezone: timeZone,
      add_recording: addRecording,
      ...(details.showsName && isGroup && { shows_name: true }),
      ...askedOffers({ ...details, addRecording }),
      ...askedContact(details),
      ...(offer.is_final && { agrees_final: agrees }),
    };
    const text = JSON.stringify(data);
    // Trying the same again never books twice.
    if (attempt.current.data !== text) attempt.current = { data: text, key: newIdempotencyKey() };
    setRefusal(null);
    setIsSubmitting(true);
    try {
      const booking = await acceptOffer(offer.id, data, attempt.current.key);
      queryClient.setQueryData(queryKeys.booking(booking.id), booking);
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings, refetchType: "none" });
      navigate(pageAfter(booking));
    } catch (thrown) {
      setIsSubmitting(false);
      if (!(thrown instanceof ApiProblem)) throw thrown;
      if (!thrown.isTemporary) attempt.current = { data: "", key: "" };
      setRefusal(thrown);
      if (thrown.fieldErrors.some(({ field }) => field === "agrees_final")) {
        // The mentor's terms have changed: the tick appears with the new ones.
        setIsMissing(true);
        void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      }
      if (["price_mismatch", "validation_failed"].includes(thrown.code))
        void queryClient.invalidateQueries({ queryKey: mentorQuery(mentor.username).queryKey });
    }
  };

  if (refusal?.code === "address_not_confirmed")
    return (
      <Suspense fallback={<PartLoading />}>
        <ConfirmAddressStep
          {...{ choice, mentorName }}
          approval={approvalOf(mentor, choice.service)}
          details={{ addRecording: draft.addRecording ?? false, agreedTotal: String(decimalOf(total)) }}
          onConfirmed={() => void form.handleSubmit(send)()}
          onBack={() => setRefusal(null)}
        />
      </Suspense>
    );
  return (
    <form onSubmit={form.handleSubmit(send)} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{words.title}</StepHeading>
        <div className="mb-5 rounded-control bg-primary-soft px-4 py-3">
          <KeptUntil offer={offer} timeZone={timeZone} />
        </div>
        <div className="grid gap-6 md:grid-cols-[1fr_18rem] md:items-start">
          <div className="space-y-5">
            {!isOfferRefusal(refusal) && <RefusalAlert refusal={refusal} hasCode={offers.code.isApplied} />}
            <ContactFields form={form} mentorName={mentorName} />
            {isGroup && (
              <Suspense fallback={null}>
                <GroupTerms
                  mentorId={mentor.id}
                  service={choice.service}
                  {...{ startsAt, timeZone }}
                  nameField={form.register("showsName")}
                />
              </Suspense>
            )}
            {recordingPrice !== null && (
              <Checkbox
                {...form.register("addRecording")}
                label={detailsStep.addRecording(formatPrice(recordingPrice))}
                detail={detailsStep.recordingDetail}
              />
            )}
            <OfferFields {...{ form, offers, timeZone }} isSignedOut={false} />
            {offer.is_final && (
              <Checkbox
                ref={tick}
                checked={agrees}
                aria-invalid={isMissing && !agrees}
                onChange={(event) => setAgrees(event.target.checked)}
                label={words.final}
                detail={
                  isMissing && !agrees ? (
                    <span role="alert" className="text-bad">
                      {words.finalMissing}
                    </span>
                  ) : (
                    words.finalDetail
                  )
                }
              />
            )}
          </div>
          <OrderSummary {...{ mentor, choice, startsAt, timeZone, offers }} />
        </div>
      </DialogBody>
      <StepFooter
        choice={choice}
        total={total}
        brief={
          <>
            <strong className="font-bold">{formatMoney(total)}</strong> ·{" "}
            {formatDayAndTime(startsAt, timeZone)}
          </>
        }
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {total.minor > 0 ? words.submitPaid(formatMoney(total)) : words.submit}
          </Button>
        }
      />
    </form>
  );
}
