import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import type { OwnMeetingPlaces } from "#contract/meetings.ts";
import { textLimits } from "#rules/limits.ts";
import { meetingKindNames, placeSettings } from "#words/meetings.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { Select } from "@/ui/Select.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { savePlace } from "./api.ts";
import { type PlaceForm, placeFormOf, placeOfForm } from "./placeForm.ts";
import { ownPlacesQuery } from "./queries.ts";

type OwnPlaceProps = {
  userId: string;
  /** Null: how sessions take place by default. */
  serviceId: string | null;
};

/** How the mentor's sessions take place, by default or for one service. */
export function OwnPlace({ userId, serviceId }: OwnPlaceProps) {
  const { data: places, error, refetch } = useQuery(ownPlacesQuery(userId));
  if (places) return <PlaceEditor userId={userId} serviceId={serviceId} places={places} />;
  if (error) return <ProblemState title={placeSettings.failed} error={error} onRetry={refetch} />;
  return <Skeleton className="h-48 w-full" />;
}

function PlaceEditor({ userId, serviceId, places }: OwnPlaceProps & { places: OwnMeetingPlaces }) {
  const queryClient = useQueryClient();
  const headingId = useId();
  const saved = placeFormOf(savedPlace(places, serviceId));
  const form = useSavingForm<PlaceForm>({
    defaultValues: saved,
    pathOf: (field) => (field === "caller" ? "calls" : field),
    save: async (values) => {
      const next = await savePlace(serviceId, placeOfForm(values));
      queryClient.setQueryData(ownPlacesQuery(userId).queryKey, next);
      form.reset(placeFormOf(savedPlace(next, serviceId)));
      toast.success(placeSettings.saved, { description: placeSettings.savedText });
    },
  });
  const { isDirty, isSubmitting, errors } = form.formState;
  useUnsavedChanges(isDirty);
  const kind = form.watch("kind");
  return (
    <form onSubmit={form.submit} noValidate aria-labelledby={headingId} className="max-w-3xl">
      <Card className={saveBarOffset}>
        <div className="space-y-5 p-4 sm:p-6">
          <div>
            <h2 id={headingId} className="text-heading">
              {placeSettings.title}
            </h2>
            <p className="mt-1 text-ink-soft">{placeSettings.text}</p>
          </div>
          {form.problem && <Alert tone="bad">{form.problem}</Alert>}
          <Field label={placeSettings.kind} error={errors.kind?.message} required>
            {(control) => (
              <Select {...control} {...form.register("kind")}>
                {serviceId !== null && (
                  <option value="default">
                    {placeSettings.asOthers(meetingKindNames[places.default.kind])}
                  </option>
                )}
                {kindsOf(places, saved.kind).map((each) => (
                  <option key={each} value={each}>
                    {meetingKindNames[each]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {kind === "zoom" || kind === "google_meet" ? (
            <p className="text-sm text-ink-soft">{placeSettings.needsRoom}</p>
          ) : null}
          {kind === "phone" && <PhoneFields form={form} />}
          {kind === "in_person" && <AddressFields form={form} />}
        </div>
        <SaveBar
          isDirty={isDirty}
          isSaving={isSubmitting}
          saveLabel={placeSettings.save}
          onDiscard={() => form.reset(saved)}
        />
      </Card>
    </form>
  );
}

function savedPlace(places: OwnMeetingPlaces, serviceId: string | null) {
  if (serviceId === null) return places.default;
  return places.services.find(({ service_id }) => service_id === serviceId) ?? null;
}

/** What is offered, and what is chosen even if it is not offered any more. */
function kindsOf({ offered }: OwnMeetingPlaces, chosen: PlaceForm["kind"]): OwnMeetingPlaces["offered"] {
  return chosen === "default" || offered.includes(chosen) ? offered : [...offered, chosen];
}

type FieldsProps = { form: ReturnType<typeof useSavingForm<PlaceForm>> };

function PhoneFields({ form }: FieldsProps) {
  const { errors } = form.formState;
  return (
    <>
      <Field label={placeSettings.calls} error={errors.calls?.message} required>
        {(control) => (
          <Select {...control} {...form.register("calls")}>
            <option value="mentor">{placeSettings.youCall}</option>
            <option value="student">{placeSettings.theyCall}</option>
          </Select>
        )}
      </Field>
      {form.watch("calls") === "student" && (
        <>
          <Field label={placeSettings.phone} error={errors.phone?.message} required>
            {(control) => (
              <Input
                {...control}
                {...form.register("phone", { required: placeSettings.phoneMissing })}
                type="tel"
                autoComplete="tel"
                maxLength={textLimits.phone}
              />
            )}
          </Field>
          <Checkbox {...form.register("shows_details")} label={placeSettings.showsPhone} />
        </>
      )}
    </>
  );
}

function AddressFields({ form }: FieldsProps) {
  const { errors } = form.formState;
  return (
    <>
      <Field label={placeSettings.address} error={errors.address?.message} required>
        {(control) => (
          <Textarea
            {...control}
            {...form.register("address", { required: placeSettings.addressMissing })}
            rows={3}
            maxLength={textLimits.postalAddress}
          />
        )}
      </Field>
      <Field label={placeSettings.mapUrl} error={errors.map_url?.message} optional>
        {(control) => (
          <Input {...control} {...form.register("map_url")} type="url" inputMode="url" autoComplete="off" />
        )}
      </Field>
      <Checkbox {...form.register("shows_details")} label={placeSettings.showsAddress} />
    </>
  );
}
