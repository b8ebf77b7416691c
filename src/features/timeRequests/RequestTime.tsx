import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { decimalOf } from "#rules/money.ts";
import { formatInstant } from "#scheduling/units.ts";
import { reasonField } from "#words/reasons.ts";
import { mySessions } from "#words/studentSessions.ts";
import { requestTime } from "#words/timeRequests.ts";
import type { AsideProps } from "@/features/book/timeAsides.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { zoneLabel } from "@/lib/time.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { AsideFooter } from "@/ui/AsideFooter.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { withElements } from "@/ui/withElements.tsx";
import { createTimeRequest } from "./api.ts";
import { SuggestedTimesFields } from "./SuggestedTimesFields.tsx";
import { noTime, startsOf, type SuggestedTimesFields as Times, timeFieldOf } from "./suggestedTimes.ts";
import { useSignInFirst } from "./useSignInFirst.tsx";

/** Replaces the available times: suggests up to three others to the mentor. */
export default function RequestTime(props: AsideProps) {
  return useSignInFirst(requestTime.signIn, props.onBack) ?? <RequestTimeForm {...props} />;
}

function RequestTimeForm({ mentor, choice, onBack }: AsideProps) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const [isSent, setIsSent] = useState(false);
  const mentorName = firstName(mentor.full_name);
  const form = useSavingForm<Times>({
    defaultValues: { times: [noTime], message: "" },
    pathOf: timeFieldOf,
    draftKey: `ask.${mentor.id}`,
    save: async ({ times, message }) => {
      await needZones([timeZone]);
      await createTimeRequest({
        expert_id: mentor.id,
        service_id: choice.service.id,
        duration: choice.minutes,
        total_amount: decimalOf(choice.price),
        starts_at: startsOf(times, timeZone).map(formatInstant),
        timezone: timeZone,
        ...(message.trim() && { message: message.trim() }),
      });
      setIsSent(true);
      await queryClient.invalidateQueries({ queryKey: inboxKeys.requests });
    },
  });
  const { register, control, submit, problem, formState } = form;

  if (isSent) return <RequestSent mentorName={mentorName} onBack={onBack} />;
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{withElements(requestTime.title, { mentor: <bdi>{mentorName}</bdi> })}</StepHeading>
        <p className="mb-5 text-ink-soft">
          {withElements((parts) => requestTime.lead({ zone: zoneLabel(timeZone), ...parts }), {
            mentor: <bdi>{mentorName}</bdi>,
          })}
        </p>
        <div className="space-y-5">
          {problem && <Alert tone="bad">{problem}</Alert>}
          <SuggestedTimesFields
            clocks={{ timeZone, otherTimeZone: mentor.timezone, otherName: mentorName }}
            control={control}
            register={register}
            errors={formState.errors}
          />
          <Field label={reasonField.label(mentorName)} error={formState.errors.message?.message} optional>
            {(input) => (
              <Textarea {...input} {...register("message")} maxLength={textLimits.bookingMessage} />
            )}
          </Field>
        </div>
      </DialogBody>
      <AsideFooter onBack={onBack} isDisabled={formState.isSubmitting}>
        <Button type="submit" pending={formState.isSubmitting} className="flex-1">
          {requestTime.submit}
        </Button>
      </AsideFooter>
    </form>
  );
}

function RequestSent({ mentorName, onBack }: { mentorName: string; onBack: () => void }) {
  return (
    <>
      <DialogBody>
        <div className="flex flex-col items-center gap-3 py-10 text-center">
          <CircleCheck aria-hidden className="size-12 text-good" />
          <StepHeading>{withElements(requestTime.sent, { mentor: <bdi>{mentorName}</bdi> })}</StepHeading>
          <p className="max-w-prose text-ink-soft">
            {withElements(requestTime.next, { mentor: <bdi>{mentorName}</bdi> })}
          </p>
        </div>
      </DialogBody>
      <DialogActions>
        <Button variant="secondary" onClick={onBack}>
          {requestTime.backToTimes}
        </Button>
        <Link to={paths.sessions()} className={buttonVariants()}>
          {mySessions}
        </Link>
      </DialogActions>
    </>
  );
}
