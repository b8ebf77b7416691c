import { Controller, useFormContext } from "react-hook-form";
import { countLimits, textLimits } from "#rules/limits.ts";
import { accountFields } from "#words/accounts.ts";
import { mentorLists, mentorPage } from "#words/mentorPage.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TagInput } from "@/ui/TagInput.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import type { ProfileForm } from "./profileForm.ts";
import { UsernameField } from "./UsernameField.tsx";

const lists = [
  { field: "expertise", max: countLimits.expertise },
  { field: "languages", max: countLimits.languages },
] as const;

/** The fields of a mentor's page. */
export function ProfileFields({ username }: { username: string }) {
  const { register, control, formState } = useFormContext<ProfileForm>();
  const { errors } = formState;
  return (
    <>
      <Field label={mentorPage.fullName} error={errors.full_name?.message} required>
        {(props) => (
          <Input
            {...props}
            {...register("full_name", {
              validate: (name) => name.trim() !== "" || accountFields.nameMissing,
            })}
            autoComplete="name"
            maxLength={textLimits.personName}
          />
        )}
      </Field>
      <UsernameField own={username} />
      <Field
        label={mentorPage.headline}
        hint={mentorPage.headlineHint}
        error={errors.headline?.message}
        optional
      >
        {(props) => (
          <Input {...props} {...register("headline")} maxLength={textLimits.headline} autoComplete="off" />
        )}
      </Field>
      <Field label={mentorPage.bio} error={errors.bio?.message} optional>
        {(props) => <Textarea {...props} {...register("bio")} maxLength={textLimits.bio} />}
      </Field>
      {lists.map(({ field, max }) => (
        <Field
          key={field}
          label={mentorLists[field].label}
          hint={mentorLists[field].hint}
          error={messageOf(errors[field])}
          optional
        >
          {(props) => (
            <Controller
              control={control}
              name={field}
              render={({ field: { value, onChange, onBlur, ref } }) => (
                <TagInput
                  control={props}
                  value={value}
                  onChange={onChange}
                  onBlur={onBlur}
                  ref={ref}
                  name={mentorLists[field].label}
                  max={max}
                  placeholder={mentorLists[field].example}
                />
              )}
            />
          )}
        </Field>
      ))}
    </>
  );
}

/** The message of the list, or of its first invalid entry. */
function messageOf(error: ProfileErrors[keyof ProfileErrors]): string | undefined {
  if (!error) return undefined;
  if (!Array.isArray(error)) return error.message;
  return error.find(Boolean)?.message;
}

type ProfileErrors = Partial<
  Record<"expertise" | "languages", { message?: string } | ({ message?: string } | undefined)[]>
>;
