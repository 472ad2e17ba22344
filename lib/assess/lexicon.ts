/**
 * The words that give data away, as data: class, the plain words an alert shows, and the folded token sequences that
 * mean it (evidence-and-alerts.md section 2.2 to 2.5). A later language is more rows here and nothing else.
 * `|` separates alternatives, a space separates the tokens of one sequence.
 */
import type { DataClass } from '../model/observation.ts';

export interface Entry {
  readonly class: DataClass;
  readonly shows: string;
  readonly words: string;
  /** Declared types under which the word means something else (section 2.3, step 8). */
  readonly notTypes?: readonly string[];
}

const NUMERIC = ['integer', 'int', 'long', 'short', 'byte', 'float', 'double', 'boolean', 'bigint', 'smallint'];
const FLAG = ['boolean', 'bool'];

export const LEXICON: readonly Entry[] = [
  // Credentials
  {
    class: 'credential',
    shows: 'password',
    words: 'password|passwd|pwd|passphrase|contrasena|mot de passe|passwort|kennwort|senha|wachtwoord',
    notTypes: NUMERIC,
  },
  {
    class: 'credential',
    shows: 'password hash',
    words: 'password hash|pwd hash|bcrypt|argon 2|scrypt|password salt',
    notTypes: FLAG,
  },
  {
    class: 'credential',
    shows: 'alexa token',
    words: 'alexa token|alexa link token|alexa link|google home token|ifttt token|voice token',
    notTypes: NUMERIC,
  },
  {
    class: 'credential',
    shows: 'api token',
    words: 'api token|api key|apikey|apitoken|app key|client secret|app secret|secret key|consumer secret',
    notTypes: NUMERIC,
  },
  {
    class: 'credential',
    shows: 'access token',
    words:
      'access token|refresh token|auth token|oauth token|bearer token|id token|session token|csrf token|jwt|accesstoken|refreshtoken',
    notTypes: NUMERIC,
  },
  { class: 'credential', shows: 'token', words: 'token|secret', notTypes: NUMERIC },
  { class: 'credential', shows: 'session', words: 'session id|session key|sessionid|cookie', notTypes: FLAG },
  {
    class: 'credential',
    shows: 'key material',
    words:
      'private key|ssh key|pem|signing key|encryption key|aws access key|secret access key|otp seed|totp secret|mfa secret',
    notTypes: NUMERIC,
  },
  {
    class: 'credential',
    shows: 'database credentials',
    words: 'connection string|dsn|database url|db password',
    notTypes: FLAG,
  },
  // Health and body
  {
    class: 'health',
    shows: 'body metrics',
    words:
      'body metric|body metrics|body fat|bone density|bone mass|muscle mass|protein intake|bmi|body mass|visceral fat|metabolic age|heart rate|blood pressure|body weight|weight kg|weight lb|height cm|bone|protein',
    notTypes: FLAG,
  },
  {
    class: 'health',
    shows: 'medical',
    words:
      'diagnosis|medication|prescription|allergy|blood type|patient|medical record|medical history|icd 10|icd code|symptom|glucose|insulin|pregnancy|hiv|diagnostico|diagnose|medikament|paziente',
  },
  {
    class: 'health',
    shows: 'biometric',
    words: 'fingerprint template|face template|face embedding|iris scan|voiceprint|genome|dna|biometric',
    notTypes: FLAG,
  },
  // Children, government, special
  {
    class: 'child',
    shows: 'child',
    words: 'child name|child birth|child birthday|guardian|minor name|parent email|school name|kid name',
    notTypes: FLAG,
  },
  {
    class: 'government-id',
    shows: 'government id',
    words:
      'ssn|social security number|social security|passport number|passport no|passport|driver license|driving licence|drivers licence|national id|tax id|taxpayer id|nino|aadhaar|cpf|cnpj|dni|nie|curp|pesel|codice fiscale|steuer id|personalausweis|bsn',
    notTypes: FLAG,
  },
  {
    class: 'special-category',
    shows: 'special category',
    words:
      'religion|ethnicity|sexual orientation|political party|trade union|union membership|criminal record|conviction|race ethnicity',
    notTypes: FLAG,
  },
  // Money
  {
    class: 'financial',
    shows: 'payment card',
    words:
      'card number|cardnumber|credit card|debit card|cvv|cvc|card expiry|cc number|pan number|kreditkarte|tarjeta credito|carte bancaire',
    notTypes: FLAG,
  },
  {
    class: 'financial',
    shows: 'bank account',
    words: 'iban|bic|swift code|account number|routing number|sort code|bank account|kontonummer|numero cuenta',
    notTypes: FLAG,
  },
  {
    class: 'financial',
    shows: 'income',
    words: 'salary|wage|payroll|income|net worth|gehalt|salario|salaire|stipendio',
  },
  {
    class: 'financial',
    shows: 'invoice',
    words: 'invoice|billing address|payment method|rechnung|factura|facture|fattura',
  },
  // Where people are
  {
    class: 'location',
    shows: 'coordinates',
    words: 'latitude|longitude|lat lon|lat lng|geo point|geopoint|gps|geohash|geolocation|coordinate|lat|lon|lng',
    notTypes: FLAG,
  },
  {
    class: 'location',
    shows: 'address',
    words:
      'home address|street address|postal address|mailing address|shipping address|address line|address street|address city|address postcode|postcode|postal code|zip code|zipcode|street|plz|strasse|codigo postal|code postal|calle|via indirizzo|domicilio|adresse|direccion|indirizzo',
    notTypes: FLAG,
  },
  {
    class: 'media',
    shows: 'pictures and recordings',
    words: 'photo url|image url|video url|recording|snapshot url|thumbnail url|camera feed|avatar url|selfie|voicemail',
    notTypes: FLAG,
  },
  // Who people are
  {
    class: 'contact',
    shows: 'email',
    words: 'email|e mail|mail address|email address|correo|correo electronico|courriel|emailadresse',
    notTypes: NUMERIC,
  },
  {
    class: 'contact',
    shows: 'phone',
    words:
      'phone|phone number|telephone|mobile number|cell phone|msisdn|telefon|telefono|telefonnummer|celular|handynummer',
    notTypes: FLAG,
  },
  {
    class: 'contact',
    shows: 'name',
    words:
      'first name|last name|full name|surname|given name|family name|maiden name|middle name|display name|firstname|lastname|fullname|vorname|nachname|nombre completo|apellido|prenom|nom famille|cognome|sobrenome|achternaam',
    notTypes: FLAG,
  },
  {
    class: 'contact',
    shows: 'nickname',
    words:
      'nickname|camera nickname|device nickname|username|user name|login name|screen name|handle name|benutzername|usuario',
    notTypes: FLAG,
  },
  {
    class: 'contact',
    shows: 'birth date',
    words:
      'birth date|birthdate|date of birth|dob|birthday|birth day|geburtsdatum|fecha nacimiento|date naissance|data nascimento|data nascita|geboortedatum',
    notTypes: FLAG,
  },
  { class: 'contact', shows: 'gender', words: 'gender|sex|geschlecht|genero|sexe|sesso', notTypes: FLAG },
  // Networks and devices
  {
    class: 'network',
    shows: 'wi-fi network',
    words: 'ssid|wifi ssid|bssid|wifi name|wifi network|wlan|wifi password',
    notTypes: FLAG,
  },
  {
    class: 'network',
    shows: 'ip address',
    words:
      'ip address|ipaddr|ip addr|ipaddress|client ip|source ip|src ip|dst ip|remote addr|remote ip|ipv 4|ipv 6|ip|internal subnet|subnet',
    notTypes: FLAG,
  },
  { class: 'network', shows: 'mac address', words: 'mac address|mac addr|macaddress|mac|hw address', notTypes: FLAG },
  {
    class: 'device',
    shows: 'device',
    words:
      'device id|deviceid|device model|device serial|serial number|imei|imsi|iccid|udid|firmware|firmware version|push token|device name|camera model|hardware id|product model|device',
    notTypes: FLAG,
  },
  // What people do
  {
    class: 'behaviour',
    shows: 'login times',
    words:
      'last login|login time|last login time|last seen|connected at|connection time|connection log|login at|logged in at|camera connection|last connection|signin time',
    notTypes: FLAG,
  },
  {
    class: 'behaviour',
    shows: 'activity',
    words:
      'page view|clickstream|search history|browsing history|watch history|purchase history|user event|user activity',
  },
  // Less
  {
    class: 'business',
    shows: 'contracts',
    words: 'contract|customer|supplier|order|deal|quote|kunde|cliente|client name',
  },
  {
    class: 'operational',
    shows: 'logs and metrics',
    words: 'log|logs|metric|trace|heartbeat|logstash|filebeat|metricbeat|telemetry|apm|kibana|audit log',
  },
  // Whole stores, by what they are called
  {
    class: 'contact',
    shows: 'user records',
    words: 'user|account holder|member|subscriber|employee|people|person|usuarios|nutzer|utilisateur',
  },
];

/** Heads that turn a sensitive word into something about it: `email_verified`, `token_count` (section 2.3, step 7). */
export const VETO_LAST: readonly string[] = [
  'count',
  'total',
  'num',
  'number of',
  'avg',
  'average',
  'status',
  'state',
  'verified',
  'enabled',
  'disabled',
  'flag',
  'policy',
  'regex',
  'pattern',
  'type',
  'kind',
  'template',
  'schema',
  'config',
  'length',
  'size',
  'limit',
  'max',
  'min',
  'used',
  'sent',
  'received',
  'server',
  'format',
  'required',
  'valid',
  'confirmed',
  'expiry',
  'expires',
  'expired',
  'ttl',
  'validator',
  'strength',
  'rotation',
  'provider',
  'queue',
  'bounce',
  'opt',
  'color',
  'style',
  'icon',
  'label',
  'ratio',
  'rate',
  'interval',
  'timeout',
  'retry',
  'budget',
  'usage',
  'per',
  'index',
  'offset',
  'page',
  'percent',
];

/** First words that make it a question, a bound or a thing of the screen. */
export const VETO_FIRST: readonly string[] = [
  'is',
  'has',
  'can',
  'should',
  'max',
  'min',
  'num',
  'total',
  'avg',
  'count',
  'allow',
  'enable',
  'require',
  'css',
  'image',
  'img',
  'screen',
  'window',
  'font',
  'line',
  'row',
  'model',
  'gradient',
  'memory',
  'page',
  'next',
  'prev',
  'gpio',
  'nlp',
  'lexer',
  'parser',
];

/** Names that only an intruder leaves (section 2.3). The object is never opened. */
export const RANSOM_WORDS: readonly string[] = [
  'read me',
  'readme',
  'read me to recover',
  'meow',
  'warning',
  'how to restore',
  'how to recover',
  'please read',
  'recover your data',
  'your data is backed up',
];
