const GSM7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
const GSM7_EXTENDED = /[\^{}\\[~\]|€\f]/g;

/** Whether a text can travel in the small alphabet of SMS: one sign outside it more than halves what a segment holds. */
export function isGsm7(text: string): boolean {
  return GSM7.test(text.replace(GSM7_EXTENDED, ''));
}

/** Segments of an SMS, which its price is reckoned by: 160 GSM-7 or 70 UCS-2 characters alone, 153 or 67 when split (spec: scenarios.md, Money). */
export function smsSegments(text: string): number {
  const extended = text.match(GSM7_EXTENDED)?.length ?? 0;
  const gsm = isGsm7(text);
  const length = text.length + (gsm ? extended : 0);
  const [single, split] = gsm ? [160, 153] : [70, 67];
  return length <= single ? 1 : Math.ceil(length / split);
}
