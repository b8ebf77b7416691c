/** Google's mark in its own colours, as its branding guidelines require on every ground. */
export function GoogleMark() {
  return (
    <svg aria-hidden viewBox="-3 -3 30 30" className="size-5">
      <circle cx="12" cy="12" r="15" fill="#fff" />
      <path
        fill="#4285F4"
        d="M23.5 12.3c0-.9-.1-1.5-.2-2.2H12v4.1h6.6c-.1 1.1-.9 2.8-2.5 3.9l3.9 3c2.3-2.1 3.5-5.200 3.500-8.800z"
      />
      <path
        fill="#34A853"
        d="M12 24c3.200 0 6-1.100 7.900-2.900l-3.800-3c-1 .7-2.400 1.200-4.100 1.200-3.200 0-5.900-2.100-6.800-5l-4 3.100C3.200 21.300 7.300 24 12 24z"
      />
      <path
        fill="#FBBC05"
        d="M5.200 14.300a7.500 7.500 0 0 1 0-4.700l-4-3.100a12 12 0 0 0 0 10.900l4-3.100z"
      />
      <path
        fill="#EA4335"
        d="M12 4.700c2.300 0 3.800 1 4.700 1.800l3.400-3.300C18 1.200 15.200 0 12 0 7.300 0 3.200 2.700 1.200 6.600l4 3.100c.9-2.900 3.600-5 6.800-5z"
      />
    </svg>
  );
}
