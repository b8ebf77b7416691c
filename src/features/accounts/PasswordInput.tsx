import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { accountFields } from "#words/accounts.ts";
import { Button } from "@/ui/Button.tsx";
import { Input } from "@/ui/Input.tsx";

export function PasswordInput(props: Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        {...props}
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-13"
      />
      <Button
        variant="ghost"
        size="icon"
        onClick={() => setShown(!shown)}
        aria-pressed={shown}
        aria-label={accountFields.showPassword}
        className="absolute top-1/2 right-0.5 -translate-y-1/2 text-ink-soft active:-translate-y-1/2"
      >
        <Icon aria-hidden className="size-5" />
      </Button>
    </div>
  );
}
