/** English words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { ConceptName } from '../dictionary.ts';

export const EN = {
  password:
    'password, passwd, pwd, passphrase, passcode, pass word, pass hash, password hash, password digest, password salt, pass key, userpass, psk, pre shared key, wifi key, bcrypt hash, htpasswd, pw hash, passwd hash, psw, pswd, login password, dbpass, dbpassword, dbpasswd, dbpwd, rootpw, adminpw, userpw, pword, passwrd, pasword, hashed/hash/old/bind/sudo pass/pw, wpa/wep/wlan key, wifi pass/pwd/psk, pw digest, unlock/alarm/door/gate/keypad code, pin code/hash/block/pad, pincode, network key, password reset code',
  'password, short': 'pass, pw, salt',
  'api token':
    'api key, api token, api secret, app key, app secret, client secret, consumer secret, webhook secret, signing secret, license secret, integration key, api credential, developer token, x api key, sendgrid key, stripe key, auth/authentication/hmac/webhook/firebase/openai/mailgun/twilio/github/sendgrid/mapbox/datadog/merchant/integration/app/application secret/key, shared key, deploy/consumer/pgp/openssl key',
  'access token':
    'access token, refresh token, auth token, oauth token, oauth2 token, bearer token, id token, jwt, jwt token, authorization header, auth header, authentication token, login token, reset token, sign in token, session auth token, password reset token, remember token, invite token, confirmation token, verification token, magic link, user token, bot token, service token, personal access token, sas token, token hash, token secret, security token, account token, grant code, authorization code, credential, cred, api credential, auth code, saml assertion, kerberos ticket, oauth, github token, slack token, auth blob/data/cookie/session, github pat, bearer auth, remember me hash, bearer',
  'alexa token':
    'alexa token, alexa access token, alexa refresh token, alexa auth token, alexa user token, alexa link token, google home token, google assistant token, ifttt token, ifttt key, smartthings token, homekit code, homekit token, voice assistant token, alexa auth code, alexa grant code, alexa credential, alexa refresh/link/auth/account/user/access code/token/key/secret, google home/nest/assistant key/secret/credential, ifttt/smartthings/homekit/siri/cortana/bixby key/secret/token/credential, homekit/matter pin/setup/pairing code, matter/homekit setup code',
  token: 'token',
  session:
    'session id, session token, session key, session cookie, auth cookie, sessionid, sess id, php session id, jsessionid, phpsessid, login cookie, session hash/cookie/jwt/secret, cookie value/secret, sess key',
  secret: 'secret, shared secret, secret value, master secret',
  'private key':
    'private key, secret key, ssh key, ssh private key, rsa key, rsa private key, pgp private key, gpg key, encryption key, signing key, master key, tls key, ssl key, priv key, privkey, seed phrase, mnemonic phrase, recovery phrase, pem key, decryption key, wallet key, keystore, private pem, jwk private, enc/aes/ecdsa/ed25519/root key, service account json, service account json key, key material, mnemonic, seed/mnemonic words, master/wallet/hd seed, secret access, pgp key',
  'cloud key':
    'aws secret, aws secret access key, secret access key, access key, access key id, aws access key, aws key, account key, azure key, gcp key, service account key, cloud key, iam key, azure/gcp/aws storage/account key',
  'one-time code':
    'otp, otp code, otp secret, totp, totp secret, totp seed, mfa secret, mfa seed, 2fa secret, 2fa code, 2fa seed, two factor secret, two factor code, backup code, recovery code, sms code, one time password, one time code, authenticator secret, hotp secret, verification code, otp/totp/hotp/mfa/tfa/2fa seed/secret/key/code/hash, authenticator seed, login code, scratch codes, two factor seed',
  pin: 'pin',
  'database login':
    'connection string, conn str, database url, db url, dsn, jdbc url, mongo uri, mongodb uri, redis url, amqp url, connection uri/url, mongo/mongodb/postgres/postgresql/mysql/amqp/redis/broker/smtp/database/db uri/url/dsn, sqlalchemy database uri',
  'security answer':
    'security answer, secret answer, security question, secret question, challenge answer, password hint, security q, mothers maiden name, memorable word',

  diagnosis:
    'diagnosis, diagnoses, icd code, icd10, icd 10, icd9, disease, symptom, illness, hiv, hiv status, disability, pregnancy, pregnant, is pregnant, mental health, medical condition, comorbidity, addiction, chronic condition, covid test, covid result, std result, cancer stage, health condition, has diabetes, diabetic, disability/vaccination/smoking/pregnancy/infection/covid/hiv/std status, disability/cancer type, depression/anxiety/phq9 score, smoker, injury, impairment, psychiatric, therapist/therapy note, suicidal, substance/drug/alcohol abuse/use, snomed/icd/dx code, chief complaint, autism, adhd, asthma, epilepsy, health issue/problem, miscarriage, abortion, cancer, tumor, special need, diagnosed condition',
  medication:
    'medication, prescription, dosage, medicine, drug name, rx number, vaccine, vaccination, immunization, immunisation, treatment plan, therapy, prescribed drug, antidepressant, contraceptive, contraception, chemotherapy, drug dosage/dose, dose mg',
  vitals:
    'blood pressure, heart rate, heartrate, pulse rate, resting heart rate, systolic, diastolic, spo2, blood oxygen, blood glucose, glucose, glucose level, hba1c, cholesterol, insulin, respiratory rate, body temperature, ecg, ekg, sleep score, blood type, blood group, menstrual cycle, ovulation, oxygen saturation/level, pulse ox, heart bpm, hrv, blood sugar, body temp, sugar level, vo2 max, respiration rate, sleep stage/duration/quality, hemoglobin, triglyceride, a1c, stress level, vital sign, menstruation, last period, pulse bpm, resting hr, menstrual phase, cycle length, avg/max hr',
  'body metrics':
    'bmi, body mass index, body fat, bodyfat, body fat percentage, bone mass, bone density, bone mineral, protein intake, daily protein intake, protein mass, muscle mass, visceral fat, basal metabolic rate, bmr, body water, body weight, body height, lean body mass, metabolic age, waist circumference, calorie intake, body metric, body measurement, body type, fat percentage, weight kg, weight lb, height cm, height ft, weight history, fat/lean/body/muscle/bone mass, fat free mass, hip/chest/waist circumference/size/cm, body composition/protein, daily/calorie calories/burned/intake/consumption, goal/target/current/starting/birth weight, skinfold, subcutaneous fat, shoe/bra size, metabolic rate, fat/muscle/bone percent/pct/percentage, carb/sodium/water/fat/fiber/sugar/calcium/vitamin intake, weight/height cm/kg/lbs/inches/in, waist hip ratio, calorie/calories burned, kcal burned',
  'height or weight': 'height, weight',
  'medical record':
    'medical record, medical record number, mrn, lab result, clinical note, medical history, health record, ehr, emr, health insurance, health insurance number, health plan, medicare number, medicaid id, npi, admission date, discharge date, medical, clinical, surgery, radiology, nhs number, health card, lab test, chart number, hospital visit/name/id, surgical/procedure/health/medical/treatment history, discharge summary/note, doctor/physician/nurse note, pathology report, biopsy, mri/ct scan/result, care plan, physician, attending physician, primary care provider, organ donor, dental record, health note/data/information/detail, hospitalization, hospitalisation, immune status, sick leave/note',
  patient: 'patient, patient id, patient name',
  genetics:
    'dna, genome, genotype, genetic, dna sequence, genetic marker, genetic test, gene variant, brca, karyotype, genomic, dna test, mutation status, rsid',
  biometrics:
    'biometric, face template, face embedding, face encoding, face vector, face id, faceprint, fingerprint template, fingerprint hash, iris scan, retina scan, voiceprint, voice print, palm print, face descriptor, facial/face/iris/retina/fingerprint/voice/palm/finger/vein template/recognition/feature/embedding/geometry/signature/encoding/descriptor/minutiae/vector/hash, iris/retina/fingerprint/palm/finger/vein image/scan/data, hand geometry, keystroke dynamic, iris code',
  fingerprint: 'fingerprint, thumbprint, face, voice, iris',
  allergy: 'allergy, allergies, allergen, food intolerance',

  'child data':
    'child name, child age, child birthday, child birth date, child dob, child first name, child gender, children name, kid name, kid age, baby name, child profile, child photo, infant name, minor/kid/child/baby/infant/son/daughter/newborn/toddler/dependent name/dob/age/birthday/email/phone/address/photo/location/height/weight/surname/nickname/gender, baby/infant/child/student/minor birth date/weight/certificate, student dob/email/phone/address/photo, date of birth of child',
  minor:
    'is minor, minor flag, is child, under age, underage, under 13, is under 13, under 18, is a minor, minor child, coppa, coppa flag/consent, child flag, under age flag, is kid, minor status, is under 16, under 16',
  guardian:
    'guardian, guardian name, parent name, parent email, parent phone, parental consent, legal guardian, mother name, father name, parent contact, parent first/last/full/guardian name, father/mother/mom/dad/parent/guardian/caregiver phone/email/name/contact/mobile/address/consent/signature, child custody, custody arrangement, foster parent',
  school:
    'school, school name, school id, kindergarten, grade level, student id, student name, pupil, classroom name, homeroom, nursery name, daycare, student grade/gpa/number/record, gpa, class teacher, teacher name, playgroup, report card, school/enrolled class/district/address, nursery',

  'social security number':
    'ssn, ssn id, social security, social security number, social security no, social sec, social insurance number, ssn last 4, ss number, soc sec',
  'national id':
    'national id, national identity, national identity number, identity card, identity card number, id card, id card number, id number, government id, gov id, cpf, cnpj, curp, pesel, aadhaar, aadhar, aadhaar number, pan card, my number, national insurance, national insurance number, ni number, nino, bsn, citizen id, voter id, residence permit, identity document, identity number, emirates id, nric, visa number, permit number, work permit, sin number, nin, national/personal identification number, personal number/identity/id, personnummer, fodselsnummer, cpr number, hkid, alien registration number, green card, military id, government/gov issued/identity id/document/number, id document, citizen number, ration card, birth certificate, iqama, civil id, identity/id proof, voter card/registration/number, residence permit/card number, residency/work/residence permit, nie number',
  'national id, short': 'sin, tin, dni, nie, rg, nif, rut, ein, cui, pan number',
  passport:
    'passport, passport number, passport no, passport id, passport expiry, passport issuer/expiration/country, mrz, travel document',
  'driving licence':
    'driver license, drivers license, driving license, driver licence, driving licence, driver license number, licence number, license plate, licence plate, number plate, dl number, vehicle plate, license/licence number/no/plate, driver/drivers/driving/motor license/licence/permit/lic number/no/id/state/expiry, registration plate, plate number, vehicle/car registration/plate, vrn',
  'tax id':
    'tax id, taxvat, tax number, tax identifier, taxpayer id, itin, tax file number, tfn, tax identification number, vat number, tax ref, tax payer/id/identification/file number/id, employer identification number, utr, unique taxpayer reference, gstin, gst number, vat id',

  'card number':
    'card number, cc owner, credit card, debit card, card no, cc number, ccnum, cc num, card pan, primary account number, cardholder, card holder, cardholder name, card holder name, card last 4, card last four, last4, payment card, name on card, bank card, pan token, credit card number, card bin, cc last4, masked pan, pan masked/hash/encrypted/last4, encrypted pan, card/cc last/first digits/four/six/4, card/cc/creditcard/amex/mastercard number/token/fingerprint/detail/data/info/no/num/hash/bin, cardnum, track2, magstripe, card on file, card track',
  'card code':
    'cvv, cvc, cvv2, cvc2, csc, card code, card security code, card expiry, card exp, card expiration, exp month, exp year, cc exp, expiry month, expiry year, card verification value, cvn, cc/card expiry/expiration/exp/expires/pin/cvv/cvc/code date/month/year/block/hash/code, cc/card expiry/expiration/exp/pin, expiration/expiry month/year',
  'bank account':
    'iban, bic, swift code, bic code, bank account, bank account number, account number, account no, acct number, acct no, routing number, sort code, aba number, bank name, bank code, bank details, sepa mandate, account balance, ach account, account holder, bank/aba/ach routing/transit/account/acct/acc/login/branch number/code/name/id, bsb, ifsc, upi id, beneficiary/payee/savings/checking/current/debit/credit/deposit/brokerage/securities/payout/receiving/counterparty account/iban, loan/outstanding/credit/card/customer/user/wallet/savings balance, wire instructions, micr, clabe',
  salary:
    'salary, wage, payroll, income, annual income, net pay, gross pay, base pay, compensation, bonus amount, credit score, fico score, net worth, pension, household income, credit limit, loan amount, mortgage, payslip, pay slip/stub/rate, paystub, hourly/overtime rate, credit rating/history/report, fico, debt amount, total debt, stock option grant, equity grant, severance, retirement/pension/investment/401k balance/amount, portfolio value, alimony, child support, student loan, bankruptcy, foreclosure, tax bracket, home value, w2 form, monthly/annual/yearly/household/gross income/salary/pay/wage/bonus/earnings, take home pay, annual bonus',
  invoice:
    'invoice, invoice number, tax return, bank statement, bill amount, invoice amount, billing statement, tax document, receipt image',
  payment:
    'payment, payment method, payment amount, transaction amount, stripe customer, stripe customer id, paypal email, paypal account, payment id, billing account, payout, refund amount, subscription payment, direct debit, venmo, paypal, paypal/venmo/stripe/braintree/square payer/card/customer/account id/token, stripe/braintree token, billing info/detail, direct deposit, donation amount, cashapp, zelle, transfer amount, transaction/payment/spending history, transaction/purchase amount',
  insurance:
    'insurance id, insurance number, insurance policy number, insurance member id, insurance policy, insurance claim, insured name, claim number, policy holder, policyholder, policyholder/insured/subscriber insurance name, insurance group/card/carrier/policy number/id, insured id, claim amount, health insurance id, medical claim, policy number',
  wallet:
    'wallet address, crypto wallet, bitcoin address, btc address, eth address, wallet, wallet balance, crypto/ethereum/solana/monero/bitcoin/wallet address, coin/crypto balance, xpub, withdrawal address',

  religion:
    'religion, religious affiliation, religious belief, faith group, denomination, church membership, religious/spiritual/philosophical view/preference/group/belief/community, church/mosque/synagogue name/attendance, baptism, belief system',
  'religion, short': 'creed',
  ethnicity:
    'ethnicity, ethnic, ethnic origin, ethnic group, racial origin, race ethnicity, skin color, skin tone, caste, race/ethnic/ethnicity/tribe/caste code/name/description/category/background/identity, racial group, racial, immigration/refugee/asylum status, indigenous status, is hispanic, hispanic, skin colour',
  'ethnicity, short': 'race, tribe',
  politics:
    'political, political party, political view, political affiliation, party affiliation, voting intention, political opinion, political/party leaning/preference/member/membership/registration/orientation/donation/belief, voter party, vote choice, voted for, registered party, voting/vote history/record',
  union:
    'union membership, trade union, union member, labor union, labour union, works council member, union name/id/dues/card/affiliation/rep, works council',
  orientation:
    'sexual orientation, sexuality, sexual preference, sex life, gender identity, pronouns, sexual/gender identity/pref/history/partner/behaviour/activity/health/orient/preference, lgbt, lgbtq, transgender, trans status, lgbt status',
  'criminal record':
    'criminal record, criminal history, conviction, arrest record, criminal, offence history, background check, felony, prison record, arrest, arrest/conviction date/history/record, convicted, is convicted, sex offender, offender, offender/inmate/prisoner id/number/name, inmate, parole, parole/probation status/officer, misdemeanor, dui, prison sentence, mugshot, police record',
  gender:
    'gender, user gender, gender code, gender type, biological/birth/assigned/legal sex, sex at birth, sex code, is male/female',
  sex: 'sex',

  coordinates:
    'latitude, longitude, lat lng, lat lon, lat long, latlng, latlon, latlong, lnglat, geo location, geolocation, geo point, geohash, gps, gps location, gps coordinate, gps lat, gps lon, gps lng, coordinates, geo coordinate, geo lat, geo lng, geo lon, geo position, last location, current location, user location, device location, location history, home location, location lat, location lng, where abouts, whereabouts, last known location, home lat, home lng, home lon, work location, location trail, pickup location, location point, start/end/pickup/dropoff/origin/destination/home/work/current/last/user/device/store lat/lng/lon/latitude/longitude, check in location, checkin location, current/last/trip/user/vehicle/car/parked/live/device/tracker position/location, dropoff/pickup/home/work coordinates/location/point/lat, geocode, geofence, location data/lon/trace/ping/geo/history/point/trail/log, lat/lon deg/degree, place visited, visited place, route/travel/movement history, location timeline, trajectory, real time location, what3words',
  'coordinates, short': 'lat, lon, lng, geo, geoip',
  'home address':
    'home address, street address, postal address, mailing address, billing address, shipping address, delivery address, residential address, residence address, home addr, address line, address line 1, addr line, addr1, address1, address2, street name, street, street 1, house number, apartment number, apt number, work address, customer address, user address, full address, home city, home state, billing state, shipping state, address state, address city, address country, billing address state, shipping address state, home country, ship to address, bill to address, permanent address, street line, shipping city, billing city, user city, user country, customer city, hometown, home town, birth place, birthplace, place of birth, residence, po box, apartment, unit/suite address, addr/address zip/one/two/full/street/line/city/zip/3/4, primary/secondary/current/previous/prior/present/temporary/perm/office/business/pickup/dropoff/return/ship/bill/house/living/registered/private/employee/member/guest/patient/recipient/owner/sender addr/address, house/flat/building number/no, house name, work/home/birth/ship/bill/shipping/billing/customer/residence/mailing city/country/state/zip/street/county/province/region, city/country/state/place/town of birth/residence, ship to, bill to, residency',
  address: 'address, addr',
  postcode: 'postcode, post code, postal code, zipcode, zip code, zip 4, zip plus 4, postal, zip5, zip9, eircode',
  city: 'city, country, county, town, village, zip, province, region, district, suburb, neighborhood',
  position: 'location, position',

  photo:
    'photo, photo url, avatar, avatar url, profile picture, profile pic, profile photo, profile image, selfie, user image, face image, face photo, id photo, headshot, picture url, user photo, image url, thumbnail url, user picture, snapshot url, snapshot image, camera image, passport scan, event image, photograph, gravatar, portrait, profile/user/person/doorbell/id/passport/license/document/camera/portrait/family/member/customer/patient img/image/pic/picture/snapshot/crop/scan/photo/avatar, pic/thumb url, doc/id scan, signature img, camera thumbnail, face/facial photo/picture/crop/snapshot/img/pic, child/baby picture/img/snapshot',
  'video or audio':
    'video url, video clip, audio url, audio file, audio clip, stream url, rtsp url, rtsp, camera feed, video feed, video stream, live stream url, clip url, playback url, video file, video path, video thumbnail, event video, camera stream, event clip, footage, cctv, doorbell/dashcam/webcam/cam/body/security/surveillance/nanny/camera/call video/stream/feed/footage/clip/audio/cam, dashcam, bodycam, hls/rtmp/rtsp/mp4/media/stream/video/audio url/link/uri/blob/path/file/message/upload/key, audio/speech/voice sample/audio, live feed, video call, baby monitor',
  recording:
    'recording, voice recording, call recording, audio recording, video recording, recording url, voicemail, voice message, voice sample, voice note, screen recording, recorded call, call audio/transcript, voice clip/file/url/message, voice command audio, session replay, dictation, wiretap',

  email:
    'email, e mail, email address, mail address, email addr, emailid, email id, mail addr, user email, contact email, recovery email, email hash, login email, work email, to email, from email, recipient email, emailaddr, reply to, reply to address, bcc, bcc list, mailto, mailid, envelope from/to, from/to address, work/personal/private mail',
  'email, short': 'mail',
  phone:
    'phone, phone number, telephone, telephone number, mobile number, mobile phone, cell phone, cellphone, phone no, mobile no, msisdn, fax number, fax, home phone, work phone, phonenum, tel number, tel no, contact number, whatsapp, whatsapp number, landline, phone 1, mobilephone, sms number, caller number, caller id, callee number, handphone, phone/cell/mobile/home/work/office/fax/tel/telephone/contact/ph/calling/called/dialed/caller/emergency/registered/whatsapp/sms/landline number/phone/no/num/contact/tel/mobile, e164, ani, phonebook, telnum, phnum, phonenr, sms to, contact list, address book',
  'phone, short': 'mobile, cell, tel, telephone, handy',
  'personal name':
    'first name, firstname, fname, last name, lastname, lname, surname, family name, given name, maiden name, middle name, full name, fullname, complete name, display name, real name, customer name, user full name, contact name, person name, employee name, recipient name, legal name, member name, owner name, passenger name, guest name, account holder name, preferred name, name first, name last, buyer name, client name, subscriber name, applicant name, beneficiary name, candidate name, driver name, tenant name, forename, sender name, billing name, shipping name, holder name, spouse name, nationality, signature image, emergency contact, next of kin, middle initial, middle i, contact title, name suffix, lst name, patronymic, name prefix/full/given/family/birth/kana/kanji/maiden, birth name, second/third name, maiden, contact person, signer/signatory/payee/payer/remitter/visitor/caller/borrower/nominee/witness/victim/suspect/defendant/plaintiff/sibling/wife/husband/receiver/consignee/deceased/attendee/partner/staff/doctor name, citizenship, national origin, honorific, salutation, fullnm, firstnm, lastnm, phonetic/passport/legal/baptismal name, consignee, e signature, esignature, emergency name',
  name: 'name',
  username:
    'username, user name, login name, loginname, screen name, screenname, user login, uname, account name, user handle, nicename, user nicename, userid name, usr name, logon name, sam account name, user principal name, upn, login/logon id/user, loginid, logon, ldap/unix/os/smtp/ftp/db/member/customer/forum user/login, principal name, online name/id, steam/psn id',
  nickname:
    'nickname, nick name, nick, user alias, pet name, gamertag, alias/aka/chat name, chat handle, known as, moniker',
  'camera nickname':
    'camera nickname, camera name, device nickname, device name, camera label, cam name, cam nickname, camera alias, camera display name, camera nick name, cam nick, camera/device/doorbell/bulb/thermostat/cam/webcam title/name/nickname/alias/label/nick, friendly name, camera/device friendly/custom/display name',
  'date of birth':
    'date of birth, dob, birth date, birthdate, birthday, birth day, birth year, year of birth, birth month, birth dt, born on, day of birth, yob, date birth, bday, dt/date/yr/year/time/month/day of birth, birth/born dte/dt/yr/month/date/day/year, date born, date of death, death date, dobirth',
  'date of birth, short': 'birth, born',
  age: 'age, age year, age group, age range, age band, age yr/yrs/bracket, age in years, age at diagnosis',
  'marital status':
    'marital status, marital, civil status, marriage date, number of children, relationship status, occupation, job title, household size, married, is married, spouse, divorce/wedding/marriage/anniversary date, family/employment/veteran/military status, family/household size/member, employer, employer name, job role/position, profession, education level, employment/work history, resume text/file, education, number/num of children/dependents/kids, dependents count',
  'social account':
    'twitter handle, facebook id, facebook url, linkedin url, linkedin profile, instagram, instagram handle, skype id, telegram id, social handle, twitter username, wechat id, wechat openid, facebook profile, google id, discord id, social profile, skype, slack user id, apple id, github username, social media handle, twitter/facebook/linkedin/instagram/snapchat/tiktok/telegram/discord/wechat/weibo/reddit/mastodon/skype/github/slack/whatsapp/pinterest/viber/google/apple/microsoft/fb/vk/qq/line handle/username/user/profile/account/url/page, twitter/facebook/linkedin/instagram/telegram/discord/fb/vk/wechat/msa/qq id/uid, snapchat, tiktok, wechat, facebook, twitter, linkedin, icq, jabber id, social media account/profile/url/link, social link/url/account/media, telegram chat/user id, google/discord/apple/facebook user id',

  'wi-fi network ssid':
    'ssid, essid, wifi ssid, wifi name, wi fi name, wlan name, wifi network, wi fi ssid, bssid, ap name, wireless network, router ssid, hotspot name, wifi bssid, wifi access point, access point name, nearby/home/guest/saved/connected wifi/network/ssid, wireless/router/hotspot/wlan name, wifi scan/ap/router/list/info, wifi/wireless/home/router/wlan network name',
  'ip address':
    'ip, ips, ip addr, ip address, ipv4, ipv6, ipaddr, remote addr, remote ip, client ip, source ip, src ip, dst ip, dest ip, x forwarded for, forwarded for, last login ip, login ip, user ip, local ip, public ip, wan ip, lan ip, peer ip, ipv4 address, ipv6 address, remote address, client addr, source address, inet addr, private ip, gateway ip, registration ip, signup ip, ip source/num/numeric/hash/list/from/to/block, peer/remote/lan/wan/src/dst/dest/inet/host/server/client/node addr/address, remote/client endpoint, sockaddr',
  'mac address':
    'mac address, mac addr, macaddr, wifi mac, device mac, camera mac, ethernet address, ether addr, hw addr, hwaddr, router mac, hardware address, mac id, wlan mac, bluetooth mac, eth mac, bt mac, bluetooth address, client mac, src mac, dst mac, gateway mac, mac hash, ap/lan/wan/ble/zigbee/bluetooth/sta/station/host/nic/wlan0/eth0/wireless/ethernet mac/address/addr, mac hex/src/dst, physical address, eui64, dev eui, source/src/destination/dst/dest mac',
  'mac address, short': 'mac',
  hostname:
    'hostname, host name, fqdn, computer name, subnet, subnet mask, dns name, netbios name, machine name, default gateway, netmask, dns server, reverse dns, remote host, pc/workstation/host/netbios name, machine/server/node hostname, dns record/query/host/server, internal domain/host/network, arp table, network mask, open ports, dhcp lease/client/host',
  vpn: 'vpn, vpn user, vpn profile, vpn config, wireguard, openvpn, proxy url, vpn server, vpn/ipsec/wireguard/openvpn config/user/username/ip/address/host/endpoint/gateway/peer/profile/network/server/client/account',

  'device id':
    'device id, deviceid, device uuid, device identifier, camera id, cam id, udid, device serial, hardware id, hwid, thing name, device fingerprint, machine id, device guid, client device id, equipment id, device token id, parent device id, meter id, vin, vehicle id, vehicle identification number, device uid, device key, cameraid, installation id, chip id, dev/device/hw/hardware/camera/cam/doorbell/thermostat/handset/drone/wearable/beacon/tracker/roku/installation id/uuid/guid/no/number/uid/uniq/hash/identity/identifier, device unique id, app instance/install id, asset tag, chassis/engine number/no, nfc uid, motherboard/bios/disk/cpu serial, smbios uuid',
  'serial number':
    'serial number, serial no, serial num, serialnumber, sn number, device sn, product serial, camera serial, camera sn, hw/device/product/module/unit/machine/battery/board/camera/cam/hub/lock/meter/factory/watch/router/sensor serial/sn/number, serial id/code, ser no, sn',
  'device model':
    'device model, product model, camera model, phone model, hardware model, device type, product type, device brand, phone brand, device manufacturer, device os, device os version, handset model, device info, device version, device platform, device vendor, camera type, mobile model, phone os, camera version, model number, model no, device/dev/phone/mobile/handset/camera/cam/doorbell/hub/lock/tv/router/sensor/hardware/watch/tablet make/brand/model/manufacturer/vendor/revision, device build/sdk/spec/software/family/generation/detail/carrier/platform/os, handset, mobile carrier, hw rev',
  'device model, short': 'serial, model, brand, manufacturer, os version, os, vendor',
  firmware:
    'firmware, firmware version, firmware ver, fw version, fw ver, fw, fwver, hardware version, hw version, hardware ver, hw ver, mcu version, bootloader version, camera firmware, bios/baseband/ota/rom/bootloader/mcu/modem/radio/fw/firmware version/build/rev/release/revision, bootloader, device software version',
  'push token':
    'push token, device token, apns token, fcm token, gcm token, firebase token, registration token, onesignal id, push endpoint, push registration, push/apns/fcm/gcm/voip/expo/onesignal key/token/subscription/endpoint/id, fcm/gcm registration id, onesignal player id, web push subscription/endpoint, push notification token',
  'phone identity':
    'imei, imsi, iccid, meid, sim number, sim serial, android id, idfa, idfv, gaid, advertising id, sim card, esim, subscriber id, imei/imsi/iccid/meid/sim/esim number/no/id/hash, imeisv, adid, oaid, aaid, ifa, ssaid, android/google/mobile/apple ad/advertising id, tmsi',
  'user agent':
    'user agent, useragent, browser fingerprint, http user agent, ua string, browser agent/fingerprint/hash, canvas/webgl fingerprint/hash, http ua, browser id',

  'login times':
    'last login, login time, last login at, last login time, logged in at, login at, login date, login history, last sign in, sign in at, last signed in, sign in time, last logon, logon time, login timestamp, last login date, logged out at, logout time, last logout, login ts, current sign in at, login log, login event, last authenticated, log in time, last login ts, last/first/previous/prev/current/recent login/logon/signin/auth/authentication/logoff/logout/log/sign, last logged/signed in, signed/logged in/out, signin/logon/login/auth/logoff/sign/authentication date/time/history/record/log/activity/on/at/ts/timestamp/datetime, logout at/time/date, sign in date/history/log, login records, last successful/failed login',
  'connection time':
    'camera connection, device connection, last seen, last seen at, last active, last active at, connection time, connect time, connected at, last connected, last connection, disconnect time, disconnected at, last disconnect, online time, last online, last access, last access time, last activity, last heartbeat, connection log, online since, last visit, last visited, last connect time, last connected at, connection history, connection timestamp, last opened at, device online time, last disconnect time, last contact time, last/first/previous seen/active/activity/access/accessed/connect/connected/connection/disconnect/disconnected/online/offline/heartbeat/opened/visit/visited/contact, connection/connect/disconnect/online/offline/connected/disconnected time/date/start/end/duration/history/at/since/on/ts/timestamp, presence log/history/detected, lock/unlock/door history/event, door opened, sleep/wake/bed time, came/went online/offline',
  'activity history':
    'page view, pageview, click stream, clickstream, search history, browsing history, watch history, search query, viewing history, purchase history, user activity, user event, user action, visited url, browse history, activity log, session duration, session start, session end, usage history, call history, call log, call duration, referrer url, motion event, order history, play history, listening history, message history, chat history, step count, page/site/web/url/video/profile/article visit/view/visited/viewed/hit, web/app history/activity/usage, url history, link click, visit/click/search/browse/view/watch/purchase/play/listen/read/download/usage/session/app/message/chat/sms/trip/ride/workout/exercise/command/interaction/engagement/action/motion/activity/order/booking/viewing/listening/browsing/reading/buying/playback/voice/swipe history/log/trail/feed, visited/clicked/viewed/watched/liked/purchased/played/saved/searched page/link/item/product/post/site/video/url/search/song/movie/track, recent/recently/last search/viewed/watched/played/purchase/order/visited/click, search term/keyword/phrase/text/string/query, session start/end/length/time, time spent, dwell time, scroll depth, mouse movement, keystroke log, user/customer/member/visitor/player behavior/behaviour/journey/activity/interaction/session/history/log/visit/click/action, click event/time/path, usage event/time/pattern/minutes, screen time/view, chat/message record/transcript, call log/record/history, call detail record, cdr, direct/private/chat/text message, motion/person/sound detected/detection/event, referral url, bookmark, daily steps/step, watched/visited/viewed/clicked at, ad click/view, event history',

  contract:
    'contract, contract number, purchase order, po number, quotation, supplier contract, nda, trade secret, sales forecast, customer contract, deal value, deal amount, rfp, bid/quote/opportunity/deal amount/number/stage/size, lease/service/license agreement, agreement number, sales/revenue pipeline/forecast, wholesale price, board minutes, patent draft, invention disclosure',
  metrics:
    'metric, cpu, cpu usage, memory usage, latency, throughput, disk usage, uptime, heap, garbage collection, gc time, request count, response time, error rate, queue depth, shard, replica, load average, qps, iops, disk free, thread count',
  logs: 'log, syslog, logstash, audit log, error log, access log, debug log, stack trace, trace id, span id, log level',
} as const satisfies Readonly<Record<ConceptName, string>>;
