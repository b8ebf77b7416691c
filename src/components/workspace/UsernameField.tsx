import { CircleCheck } from "lucide-react";
import { useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { paths } from "@/paths";
import { type ProfileForm, usernameOf, usernameProblem } from "./profileForm";

/** Says while somebody types what the page's address will be, or what the username still lacks. */
export function UsernameField() {
  const { register, watch, formState } = useFormContext<ProfileForm>();
  const username = watch("username");
  const error = formState.errors.username?.message;
  const missing = usernameProblem(username);
  return (
    <Field
      label="Username"
      error={error}
      hint={
        <span aria-live="polite">
          {missing ? (
            // Under the red message the same words again would be too much.
            !error && username !== "" ? (
              missing
            ) : (
              "3 to 30 letters, digits or hyphens. It becomes the address of your page."
            )
          ) : (
            <span className="inline-flex items-start gap-1.5">
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
              <span className="min-w-0 wrap-anywhere">
                Your page: {window.location.host}
                {paths.mentor(usernameOf(username))}
              </span>
            </span>
          )}
        </span>
      }
      required
    >
      {(control) => (
        <Input
          {...control}
          {...register("username", { validate: (text) => usernameProblem(text) ?? true })}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          maxLength={30}
        />
      )}
    </Field>
  );
}
