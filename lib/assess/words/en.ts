/** English words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { ConceptName } from '../dictionary.ts';

export const EN = {
  password:
    'password, passwd, pwd, passphrase, passcode, pass word, pass hash, password hash, password digest, password salt, pass key, userpass, psk, pre shared key, wifi key, bcrypt hash, htpasswd, pw hash, passwd hash, psw, pswd, login password',
  'password, short': 'pass, pw, salt',
  'api token':
    'api key, api token, api secret, app key, app secret, client secret, consumer secret, webhook secret, signing secret, license secret, integration key, api credential, developer token, x api key, sendgrid key, stripe key',
  'access token':
    'access token, refresh token, auth token, oauth token, oauth2 token, bearer token, id token, jwt, jwt token, authorization header, auth header, authentication token, login token, reset token, sign in token, session auth token, password reset token, remember token, invite token, confirmation token, verification token, magic link, user token, bot token, service token, personal access token, sas token, token hash, token secret, security token, account token, grant code, authorization code, credential, cred, api credential, auth code, saml assertion, kerberos ticket, oauth, github token, slack token',
  'alexa token':
    'alexa token, alexa access token, alexa refresh token, alexa auth token, alexa user token, alexa link token, google home token, google assistant token, ifttt token, ifttt key, smartthings token, homekit code, homekit token, voice assistant token, alexa auth code, alexa grant code, alexa credential',
  token: 'token',
  session:
    'session id, session token, session key, session cookie, auth cookie, sessionid, sess id, php session id, jsessionid, phpsessid, login cookie',
  secret: 'secret, shared secret, secret value, master secret',
  'private key':
    'private key, secret key, ssh key, ssh private key, rsa key, rsa private key, pgp private key, gpg key, encryption key, signing key, master key, tls key, ssl key, priv key, privkey, seed phrase, mnemonic phrase, recovery phrase, pem key, decryption key, wallet key, keystore',
  'cloud key':
    'aws secret, aws secret access key, secret access key, access key, access key id, aws access key, aws key, account key, storage key, azure key, gcp key, service account key, cloud key, iam key',
  'one-time code':
    'otp, otp code, otp secret, totp, totp secret, totp seed, mfa secret, mfa seed, 2fa secret, 2fa code, 2fa seed, two factor secret, two factor code, backup code, recovery code, sms code, one time password, one time code, authenticator secret, hotp secret, verification code',
  pin: 'pin, pin code, pin hash, pin block',
  'database login':
    'connection string, conn str, database url, db url, dsn, jdbc url, mongo uri, mongodb uri, redis url, amqp url',
  'security answer': 'security answer, secret answer, security question, secret question, challenge answer',

  diagnosis:
    'diagnosis, diagnoses, icd code, icd10, icd 10, icd9, disease, symptom, illness, hiv, hiv status, disability, pregnancy, pregnant, is pregnant, mental health, medical condition, comorbidity, addiction, chronic condition, covid test, covid result, std result, cancer stage, health condition, has diabetes, diabetic',
  medication:
    'medication, prescription, dosage, medicine, drug name, rx number, vaccine, vaccination, immunization, immunisation, treatment plan, therapy',
  vitals:
    'blood pressure, heart rate, heartrate, pulse rate, resting heart rate, systolic, diastolic, spo2, blood oxygen, blood glucose, glucose, glucose level, hba1c, cholesterol, insulin, respiratory rate, body temperature, ecg, ekg, sleep score, blood type, blood group, menstrual cycle, ovulation',
  'body metrics':
    'bmi, body mass index, body fat, bodyfat, body fat percentage, bone mass, bone density, bone mineral, protein intake, daily protein intake, protein mass, muscle mass, visceral fat, basal metabolic rate, bmr, body water, body weight, body height, lean body mass, metabolic age, waist circumference, calorie intake, body metric, body measurement, body type, fat percentage, weight kg, weight lb, height cm, height ft, weight history',
  'height or weight': 'height, weight',
  'medical record':
    'medical record, medical record number, mrn, lab result, clinical note, medical history, health record, ehr, emr, health insurance, health insurance number, health plan, medicare number, medicaid id, npi, admission date, discharge date, medical, clinical, surgery, radiology',
  patient: 'patient, patient id, patient name',
  genetics: 'dna, genome, genotype, genetic, dna sequence, genetic marker, snp',
  biometrics:
    'biometric, face template, face embedding, face encoding, face vector, face id, faceprint, fingerprint template, fingerprint hash, iris scan, retina scan, voiceprint, voice print, palm print, face descriptor',
  fingerprint: 'fingerprint, thumbprint, face, voice, iris',
  allergy: 'allergy, allergies, allergen, food intolerance',

  'child data':
    'child name, child age, child birthday, child birth date, child dob, child first name, child gender, children name, kid name, kid age, baby name, child profile, child photo, infant name',
  minor: 'is minor, minor flag, is child, under age, underage, under 13, is under 13, under 18',
  guardian:
    'guardian, guardian name, parent name, parent email, parent phone, parental consent, legal guardian, mother name, father name, parent contact',
  school:
    'school, school name, school id, kindergarten, grade level, student id, student name, pupil, classroom name, homeroom, nursery name',

  'social security number':
    'ssn, ssn id, social security, social security number, social security no, social sec, social insurance number, ssn last 4, ss number, soc sec',
  'national id':
    'national id, national identity, national identity number, identity card, identity card number, id card, id card number, id number, government id, gov id, cpf, cnpj, curp, pesel, aadhaar, aadhar, aadhaar number, pan card, my number, national insurance, national insurance number, ni number, nino, bsn, citizen id, voter id, residence permit, identity document, identity number, emirates id, nric, visa number, permit number, work permit, sin number',
  'national id, short': 'sin, tin, dni, nie, rg, nif, rut, ein, cui, pan number',
  passport: 'passport, passport number, passport no, passport id, passport expiry',
  'driving licence':
    'driver license, drivers license, driving license, driver licence, driving licence, driver license number, licence number, license plate, licence plate, number plate, dl number, vehicle plate',
  'tax id':
    'tax id, taxvat, tax number, tax identifier, taxpayer id, itin, tax file number, tfn, tax identification number, vat number, tax ref',

  'card number':
    'card number, cc owner, credit card, debit card, card no, cc number, ccnum, cc num, card pan, primary account number, cardholder, card holder, cardholder name, card holder name, card last 4, card last four, last4, payment card, name on card, bank card, pan token, credit card number, card bin, cc last4',
  'card code':
    'cvv, cvc, cvv2, cvc2, csc, card code, card security code, card expiry, card exp, card expiration, exp month, exp year, cc exp, expiry month, expiry year, card verification value',
  'bank account':
    'iban, bic, swift code, bic code, bank account, bank account number, account number, account no, acct number, acct no, routing number, sort code, aba number, bank name, bank code, bank details, sepa mandate, account balance, ach account, account holder',
  salary:
    'salary, wage, payroll, income, annual income, net pay, gross pay, base pay, compensation, bonus amount, credit score, fico score, net worth, pension, household income, credit limit, loan amount, mortgage',
  invoice: 'invoice, invoice number, tax return, bank statement, bill amount, invoice amount',
  payment:
    'payment, payment method, payment amount, transaction amount, stripe customer, stripe customer id, paypal email, paypal account, payment id, billing account, payout, refund amount, subscription payment, direct debit',
  insurance:
    'insurance id, insurance number, insurance policy number, insurance member id, insurance policy, insurance claim, insured name, claim number',
  wallet: 'wallet address, crypto wallet, bitcoin address, btc address, eth address, wallet, wallet balance',

  religion: 'religion, religious affiliation, religious belief, faith group, denomination, church membership',
  ethnicity:
    'ethnicity, ethnic, ethnic origin, ethnic group, racial origin, race ethnicity, skin color, skin tone, caste',
  'ethnicity, short': 'race, tribe',
  politics:
    'political, political party, political view, political affiliation, party affiliation, voting intention, political opinion',
  union: 'union membership, trade union, union member, labor union, labour union, works council member',
  orientation: 'sexual orientation, sexuality, sexual preference, sex life, gender identity, pronouns',
  'criminal record':
    'criminal record, criminal history, conviction, arrest record, criminal, offence history, background check, felony, prison record',
  gender: 'gender, user gender, gender code, gender type',
  sex: 'sex',

  coordinates:
    'latitude, longitude, lat lng, lat lon, lat long, latlng, latlon, latlong, lnglat, geo location, geolocation, geo point, geohash, gps, gps location, gps coordinate, gps lat, gps lon, gps lng, coordinates, geo coordinate, geo lat, geo lng, geo lon, geo position, last location, current location, user location, device location, location history, home location, location lat, location lng, where abouts, whereabouts, last known location, home lat, home lng, home lon, work location, location trail, pickup location, location point',
  'coordinates, short': 'lat, lon, lng, geo, geoip',
  'home address':
    'home address, street address, postal address, mailing address, billing address, shipping address, delivery address, residential address, residence address, home addr, address line, address line 1, addr line, addr1, address1, address2, street name, street, street 1, house number, apartment number, apt number, work address, customer address, user address, full address, home city, home state, billing state, shipping state, address state, address city, address country, billing address state, shipping address state, home country, ship to address, bill to address, permanent address, street line, shipping city, billing city, user city, user country, customer city, hometown, home town, birth place, birthplace, place of birth',
  address: 'address, addr',
  postcode: 'postcode, post code, postal code, zipcode, zip code, zip 4, zip plus 4, postal',
  city: 'city, country, county, town, village, zip, province, region, district, suburb, neighborhood',
  position: 'location, position',

  photo:
    'photo, photo url, avatar, avatar url, profile picture, profile pic, profile photo, profile image, selfie, user image, face image, face photo, id photo, headshot, picture url, user photo, image url, thumbnail url, user picture, snapshot url, snapshot image, camera image, passport scan, event image, photograph, gravatar, portrait',
  'video or audio':
    'video url, video clip, audio url, audio file, audio clip, stream url, rtsp url, rtsp, camera feed, video feed, video stream, live stream url, clip url, playback url, video file, video path, video thumbnail, event video, camera stream, event clip, footage, cctv',
  recording:
    'recording, voice recording, call recording, audio recording, video recording, recording url, voicemail, voice message, voice sample, voice note, screen recording',

  email:
    'email, e mail, email address, mail address, email addr, emailid, email id, mail addr, user email, contact email, recovery email, email hash, login email, work email, to email, from email, recipient email, emailaddr',
  'email, short': 'mail',
  phone:
    'phone, phone number, telephone, telephone number, mobile number, mobile phone, cell phone, cellphone, phone no, mobile no, msisdn, fax number, fax, home phone, work phone, phonenum, tel number, tel no, contact number, whatsapp, whatsapp number, landline, phone 1, mobilephone, sms number, caller number, caller id, callee number, handphone',
  'phone, short': 'mobile, cell, tel, telephone, handy',
  'personal name':
    'first name, firstname, fname, last name, lastname, lname, surname, family name, given name, maiden name, middle name, full name, fullname, complete name, display name, real name, customer name, user full name, contact name, person name, employee name, recipient name, legal name, member name, owner name, passenger name, guest name, account holder name, preferred name, name first, name last, buyer name, mother maiden name, client name, subscriber name, applicant name, beneficiary name, candidate name, driver name, tenant name, forename, sender name, billing name, shipping name, holder name, spouse name, nationality, signature image, emergency contact, next of kin, middle initial, middle i, contact title, name suffix',
  name: 'name',
  username:
    'username, user name, login name, loginname, screen name, screenname, user login, uname, account name, user handle, nicename, user nicename, userid name, usr name, logon name, sam account name, user principal name, upn',
  nickname: 'nickname, nick name, nick, user alias, pet name, gamertag',
  'camera nickname':
    'camera nickname, camera name, device nickname, device name, camera label, cam name, cam nickname, camera alias, camera display name, camera nick name, cam nick',
  'date of birth':
    'date of birth, dob, birth date, birthdate, birthday, birth day, birth year, year of birth, birth month, birth dt, born on, day of birth, yob, date birth',
  'date of birth, short': 'birth, born',
  age: 'age, age year, age group, age range, age band',
  'marital status':
    'marital status, marital, civil status, marriage date, number of children, dependents, relationship status, occupation, job title, household size',
  'social account':
    'twitter handle, facebook id, facebook url, linkedin url, linkedin profile, instagram, instagram handle, skype id, telegram id, social handle, twitter username, wechat id, wechat openid, facebook profile, google id, discord id, social profile, skype, slack user id, apple id, github username, social media handle',

  'wi-fi network ssid':
    'ssid, essid, wifi ssid, wifi name, wi fi name, wlan name, wifi network, wi fi ssid, bssid, network name, ap name, wireless network, router ssid, hotspot name, wifi bssid',
  'ip address':
    'ip, ips, ip addr, ip address, ipv4, ipv6, ipaddr, remote addr, remote ip, client ip, source ip, src ip, dst ip, dest ip, x forwarded for, forwarded for, last login ip, login ip, user ip, local ip, public ip, wan ip, lan ip, peer ip, ipv4 address, ipv6 address, remote address, client addr, source address, inet addr, private ip, gateway ip, registration ip, signup ip',
  'mac address':
    'mac address, mac addr, macaddr, wifi mac, device mac, camera mac, ethernet address, ether addr, hw addr, hwaddr, router mac, hardware address, mac id, wlan mac, bluetooth mac, eth mac, bt mac, bluetooth address, client mac, src mac, dst mac, gateway mac, mac hash',
  'mac address, short': 'mac',
  hostname:
    'hostname, host name, fqdn, computer name, subnet, subnet mask, dns name, netbios name, machine name, default gateway, netmask, dns server, reverse dns',
  vpn: 'vpn, vpn user, vpn profile, vpn config, wireguard, openvpn, proxy url, vpn server',

  'device id':
    'device id, deviceid, device uuid, device identifier, camera id, cam id, udid, device serial, hardware id, hwid, thing name, device fingerprint, machine id, device guid, client device id, equipment id, device token id, parent device id, meter id, vin, vehicle id, vehicle identification number, device uid, device key, cameraid, installation id, chip id',
  'serial number':
    'serial number, serial no, serial num, serialnumber, sn number, device sn, product serial, camera serial, camera sn',
  'device model':
    'device model, product model, camera model, phone model, hardware model, device type, product type, device brand, phone brand, device manufacturer, device os, device os version, handset model, device info, device version, device platform, device vendor, camera type, mobile model, phone os, camera version, model number, model no',
  'device model, short': 'serial, model, brand, manufacturer, os version, os, vendor',
  firmware:
    'firmware, firmware version, firmware ver, fw version, fw ver, fw, fwver, hardware version, hw version, hardware ver, hw ver, mcu version, bootloader version, camera firmware',
  'push token':
    'push token, device token, apns token, fcm token, gcm token, firebase token, registration token, onesignal id, push endpoint, push registration',
  'phone identity':
    'imei, imsi, iccid, meid, sim number, sim serial, android id, idfa, idfv, gaid, advertising id, sim card, esim, subscriber id',
  'user agent': 'user agent, useragent, browser fingerprint, http user agent',

  'login times':
    'last login, login time, last login at, last login time, logged in at, login at, login date, login history, last sign in, sign in at, last signed in, sign in time, last logon, logon time, login timestamp, last login date, logged out at, logout time, last logout, login ts, current sign in at, login log, login event, last authenticated, log in time, last login ts',
  'connection time':
    'camera connection, device connection, last seen, last seen at, last active, last active at, connection time, connect time, connected at, last connected, last connection, disconnect time, disconnected at, last disconnect, online time, last online, last access, last access time, last activity, last heartbeat, connection log, online since, last visit, last visited, last connect time, last connected at, connection history, connection timestamp, last opened at, device online time, last disconnect time, last contact time',
  'activity history':
    'page view, pageview, click stream, clickstream, search history, browsing history, watch history, search query, viewing history, purchase history, user activity, user event, user action, visited url, browse history, activity log, session duration, session start, session end, usage history, call history, call log, call duration, referrer url, motion event, order history, play history, listening history, message history, chat history, step count',

  contract:
    'contract, contract number, purchase order, po number, quotation, supplier contract, nda, trade secret, sales forecast, customer contract, deal value, deal amount',
  metrics:
    'metric, cpu, cpu usage, memory usage, latency, throughput, disk usage, uptime, heap, garbage collection, gc time, request count, response time, error rate, queue depth, shard, replica, load average, qps, iops, disk free, thread count',
  logs: 'log, syslog, logstash, audit log, error log, access log, debug log, stack trace, trace id, span id, log level',
} as const satisfies Readonly<Record<ConceptName, string>>;
