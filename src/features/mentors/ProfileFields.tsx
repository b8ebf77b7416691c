import { Controller, useFormContext } from "react-hook-form";
import { countLimits, textLimits } from "#rules/limits.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TagInput } from "@/ui/TagInput.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import type { ProfileForm } from "./profileForm.ts";
import { UsernameField } from "./UsernameField.tsx";

const lists = [
  {
    field: "expertise",
    label: "Expertise",
    max: countLimits.expertise,
    hint: `Up to ${countLimits.expertise} fields, each added with Enter.`,
    example: "System design",
  },
  {
    field: "languages",
    label: "Languages",
    max: countLimits.languages,
    hint: `Up to ${countLimits.languages}, each added with Enter.`,
    example: "Hindi",
  },
] as const;

/** The fields of a mentor's page. */
export function ProfileFields({ username }: { username: string }) {
  const { register, control, formState } = useFormContext<ProfileForm>();
  const { errors } = formState;
  return (
    <>
      <Field label="Full name" error={errors.full_name?.message} required>
        {(props) => (
          <Input
            {...props}
            {...register("full_name", {
              validate: (name) => name.trim() !== "" || "Please enter your name.",
            })}
            autoComplete="name"
            maxLength={textLimits.personName}
          />
        )}
      </Field>
      <UsernameField own={username} />
      <Field
        label="Headline"
        hint="One line under your name: what you do, and for whom you are here."
        error={errors.headline?.message}
        optional
      >
        {(props) => (
          <Input {...props} {...register("headline")} maxLength={textLimits.headline} autoComplete="off" />
        )}
      </Field>
      <Field label="About you" error={errors.bio?.message} optional>
        {(props) => <Textarea {...props} {...register("bio")} maxLength={textLimits.bio} />}
      </Field>
      {lists.map(({ field, label, max, hint, example }) => (
        <Field key={field} label={label} hint={hint} error={messageOf(errors[field])} optional>
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
                  name={label}
                  max={max}
                  placeholder={`e.g. ${example}`}
                />
              )}
            />
          )}
        </Field>
      ))}
    </>
  );
}

/** The list's own message, or that of its first wrong word. */
function messageOf(error: ProfileErrors[keyof ProfileErrors]): string | undefined {
  if (!error) return undefined;
  if (!Array.isArray(error)) return error.message;
  return error.find(Boolean)?.message;
}

type ProfileErrors = Partial<
  Record<"expertise" | "languages", { message?: string } | ({ message?: string } | undefined)[]>
>;
