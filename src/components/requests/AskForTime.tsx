import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Choice } from "@/components/booking/bookingStep";
import { StepHeading } from "@/components/booking/StepHeading";
import { Alert } from "@/components/ui/Alert";
import { Button, buttonVariants } from "@/components/ui/Button";
import { DialogBody, DialogFooter, dialogColumn } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Textarea } from "@/components/ui/Textarea";
import { useSavingForm } from "@/hooks/useSavingForm";
import { needZones } from "@/lib/askZones";
import { inboxKeys } from "@/lib/inboxQueries";
import { zoneLabel } from "@/lib/time";
import { useViewerTimeZone } from "@/lib/viewerTimeZone";
import { firstName } from "@/lib/words";
import { paths } from "@/paths";
import { askForTime } from "@/services/requestService";
import type { Mentor } from "../../../contract/mentors";
import { AsideFooter } from "./AsideFooter";
import { ProposedTimesFields } from "./ProposedTimesFields";
import { noTime, startsOf, type ProposedTimesFields as Times, timeFieldOf } from "./proposedTimes";
import { useSignInFirst } from "./useSignInFirst";

type AskForTimeProps = { mentor: Mentor; choice: Choice; onBack: () => void };

/** In place of the times that are offered: proposes up to three others to the mentor. */
export default function AskForTime(props: AskForTimeProps) {
  return useSignInFirst("ask for another time", props.onBack) ?? <AskForTimeForm {...props} />;
}

function AskForTimeForm({ mentor, choice, onBack }: AskForTimeProps) {
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
        total_amount: choice.price,
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
            {(input) => <Textarea {...input} {...register("message")} maxLength={2000} />}
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
