// Language -> the countries that speak it: whose services a text names, and where its places lie.

const countries = (list: string): string[] => list.split(' ');

/** Countries in which a language is at home, by likelihood. */
export const homes: Record<string, string[]> = {
  en: countries('US GB CA AU IN NG IE ZA NZ KE GH PH SG PR'),
  es: countries('ES MX AR CO PE CL VE EC UY GT BO PY CR DO PA HN SV NI CU PR'),
  pt: countries('BR PT AO MZ'),
  fr: countries('FR BE CA CH CI SN CM MA TN DZ CD'),
  de: countries('DE AT CH LU'),
  it: countries('IT CH'),
  nl: countries('NL BE SR'),
  pl: countries('PL'),
  tr: countries('TR CY'),
  id: countries('ID'),
  ms: countries('MY'),
  tl: countries('PH'),
  ja: countries('JP'),
  ko: countries('KR'),
  zh: countries('CN TW HK SG'),
  hi: countries('IN'),
  ar: countries('EG SA AE IQ MA JO LB KW DZ TN SY QA SD LY OM YE PS BH'),
  ru: countries('RU UA BY KZ'),
  uk: countries('UA'),
};
