import { useEffect } from "react";
import { Toaster as SonnerToaster, toast } from "sonner";
import { layout } from "#words/layout.ts";
import { useTheme } from "@/lib/theme.ts";
import { showToastsBy } from "@/lib/toast.ts";

export default function Toaster() {
  const theme = useTheme();
  useEffect(() => showToastsBy((kind, text, options) => toast[kind](text, options)), []);
  return (
    <SonnerToaster
      theme={theme}
      position="top-center"
      duration={6000}
      closeButton
      containerAriaLabel={layout.toasts}
    />
  );
}
