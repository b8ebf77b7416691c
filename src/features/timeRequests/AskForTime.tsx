import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { textLimits } from "#rules/limits.ts";
import { decimalOf } from "#rules/money.ts";
import type { AsideProps } from "@/features/book/timeAsides.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { inboxKeys } from "@/lib/queryKeys.ts";
import { zoneLabel } from "@/lib/time.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { AsideFooter } from "@/ui/AsideFooter.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { DialogBody, DialogFooter, dialogColumn } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { askForTime } from "./api.ts";
import { ProposedTimesFields } from "./ProposedTimesFields.tsx";
import { noTime, startsOf, type ProposedTimesFields as Times, timeFieldOf } from "./proposedTimes.ts";
import { useSignInFirst } from "./useSignInFirst.tsx";

/** In place of the times that are offered: proposes up to three others to the mentor. */
export default function AskForTime(props: AsideProps) {
  return useSignInFirst("ask for another time", props.onBack) ?? <AskForTimeForm {...props} />;
}

function AskForTimeForm({ mentor, choice, onBack }: AsideProps) {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const mentorName = firstName(mentor.full_name);
  const form = useSavingForm<Times>({
    defaultValues: { times: [noTime], message: "" },
    pathOf: timeFieldOf,
    draftKey: `ask.${mentor.id}`,
    save: async ({ times, message }) => {
      await needZones([timeZone]);
      await askForTime({
        expert_id: mentor.id,
        service_id: choice.service.id,
        duration: choice.minutes,
        total_amount: decimalOf(choice.price),
        starts_at: startsOf(times, timeZone),
        timezone: timeZone,
        ...(message.trim() && { message: message.trim() }),
      });
      setIsAsked(true);
      await queryClient.invalidateQueries({ queryKey: inboxKeys.requests });
    },
  });
  const { register, control, submit, problem, formState } = form;

  if (isAsked) return <Asked mentorName={mentorName} onBack={onBack} />;
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>
          Ask <bdi>{mentorName}</bdi> for another time
        </StepHeading>
        <p className="mb-5 text-ink-soft">
          Propose up to three times on your clock ({zoneLabel(timeZone)}). <bdi>{mentorName}</bdi> can accept
          one, which books it, or propose others. Nothing is kept for you until then.
        </p>
        <div className="space-y-5">
          {problem && <Alert tone="bad">{problem}</Alert>}
          <ProposedTimesFields
            clocks={{ timeZone, otherTimeZone: mentor.timezone, otherName: mentorName }}
            control={control}
            register={register}
            errors={formState.errors}
          />
          <Field
            label={`A few words for ${mentorName}`}
            hint={`${mentorName} will read this.`}
            error={formState.errors.message?.message}
            optional
          >
            {(input) => (
              <Textarea {...input} {...register("message")} maxLength={textLimits.bookingMessage} />
            )}
          </Field>
        </div>
      </DialogBody>
      <AsideFooter onBack={onBack} isDisabled={formState.isSubmitting}>
        <Button type="submit" pending={formState.isSubmitting} className="flex-1">
          Send request
        </Button>
      </AsideFooter>
    </form>
  );
}

function Asked({ mentorName, onBack }: { mentorName: string; onBack: () => void }) {
  return (
    <>
      <DialogBody>
        <div className="flex flex-col items-center gap-3 py-10 text-center">
          <CircleCheck aria-hidden className="size-12 text-good" />
          <StepHeading>
            <bdi>{mentorName}</bdi> has your request
          </StepHeading>
          <p className="max-w-prose text-ink-soft">
            You are told here, at the bell, as soon as <bdi>{mentorName}</bdi> answers. A request that is not
            answered within two days expires.
          </p>
        </div>
      </DialogBody>
      <DialogFooter>
        <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
          <Button variant="secondary" onClick={onBack}>
            Back to the free times
          </Button>
          <Link to={paths.sessions()} className={buttonVariants()}>
            My sessions
          </Link>
        </div>
      </DialogFooter>
    </>
  );
}
