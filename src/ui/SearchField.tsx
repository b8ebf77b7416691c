import { textLimits } from "#rules/limits.ts";
import { Field } from "./Field.tsx";
import { Input } from "./Input.tsx";

type SearchFieldProps = {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
};

/** What a list is searched for. */
export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type="search"
          maxLength={textLimits.search}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
