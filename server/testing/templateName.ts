export const templateName = "matepeak_template";
