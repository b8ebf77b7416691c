/** The message that goes with a step to the other person. */
export const reasonField = {
  /** @param name first name of the recipient */
  label: (name: string) => `Message for ${name}`,
};
