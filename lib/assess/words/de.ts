/** German words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { Words } from '../dictionary.ts';

export const DE: Words = {
  password:
    'passwort, kennwort, passwort hash, passwort salt, zugangscode, geheimwort, passworter, losungswort, anmeldepasswort',
  email: 'email adresse, mailadresse, e mail adresse, emailadresse',
  phone:
    'telefon, telefonnummer, handynummer, mobilnummer, telefon nummer, rufnummer, handy nummer, mobiltelefon, festnetz, telefonnr, handynr, telnr, mobil nr, telefax, faxnummer, festnetznummer, mobilfunknummer, mobilfunk',
  'personal name':
    'vorname, nachname, familienname, zuname, vor und nachname, geburtsname, kundenname, vollstandiger name, ansprechpartner, madchenname, empfangername, empfaengername, staatsburgerschaft, rufname, kontaktperson, notfallkontakt, kontoinhaber name',
  username: 'benutzername, nutzername, anmeldename, benutzerkennung',
  nickname: 'spitzname',
  'date of birth': 'geburtsdatum, geburtstag, geb datum, gebdat, geburtsjahr, geburtsdat, geburts datum',
  gender: 'geschlecht, anrede',
  'home address':
    'anschrift, adresse, wohnadresse, lieferadresse, rechnungsadresse, strasse, hausnummer, wohnort, straße hausnummer, geburtsort, hausnr, haus nr, strassenname, privatadresse, heimatadresse, ortsteil, meldeadresse, adresszeile, wohnsitz',
  postcode: 'plz, postleitzahl',
  city: 'stadt, ort, land',
  'national id':
    'personalausweis, ausweisnummer, personalausweisnummer, ausweis nr, ausweis, identitatsnummer, aufenthaltstitel',
  'social security number':
    'sozialversicherungsnummer, rentenversicherungsnummer, sv nummer, svnr, sozialversicherungsnr, sozialversicherungs nummer, ahv nummer, rentenversicherungsnr, rvnr',
  'tax id':
    'steuernummer, steuer id, steueridentifikationsnummer, ustid, ust id, steuer nr, steuernr, umsatzsteuer id, steueridentnummer, idnr',
  passport: 'reisepass, reisepassnummer, passnummer, reisepassnr, passnr',
  'driving licence':
    'fuhrerschein, fuehrerschein, fuhrerscheinnummer, kfz kennzeichen, fuhrerscheinnr, fuehrerscheinnummer, kennzeichen, nummernschild',
  'bank account':
    'kontonummer, bankverbindung, kontoinhaber, bankleitzahl, blz, bankkonto, konto nr, kontonr, konto nummer, kontostand, bankdaten, kontoinhaberin',
  'card number': 'kreditkarte, kreditkartennummer, kartennummer, karteninhaber, kreditkartennr, karten nr, kartennr',
  salary:
    'gehalt, lohn, einkommen, bruttogehalt, jahreseinkommen, monatseinkommen, nettogehalt, jahresgehalt, monatsgehalt, grundgehalt, stundenlohn, nettoeinkommen, rente, vergutung, lohnabrechnung, gehaltsabrechnung',
  invoice: 'rechnung, rechnungsnummer, rechnungsbetrag, rechnungsnr',
  payment: 'zahlung, zahlungsart, zahlungsmittel, lastschrift',
  diagnosis:
    'diagnose, krankheit, behinderung, schwangerschaft, schwerbehinderung, krankheiten, symptome, erkrankung, vorerkrankung, vorerkrankungen, behinderungsgrad, schwanger, befund, hauptdiagnose',
  medication: 'medikament, arzneimittel, impfung, impfstatus, medikation, medikamente, rezept, impfungen, dosierung',
  vitals: 'blutdruck, blutgruppe, herzfrequenz, blutzucker, korpertemperatur, ruhepuls',
  'body metrics':
    'korpergewicht, koerpergewicht, korpergrosse, koerpergroesse, korperfett, koerperfett, korpermasse, muskelmasse, knochendichte, bauchumfang, knochenmasse, fettanteil, korperfettanteil',
  'height or weight': 'gewicht, grosse, groesse',
  allergy: 'allergie, unvertraglichkeit',
  'medical record':
    'krankenakte, patientenakte, krankenkasse, versichertennummer, krankenversicherung, krankengeschichte, patientennummer, versicherungsnummer kranken, krankenkassennummer, laborwert, laborwerte, arztbrief, anamnese, gesundheitszustand, krankschreibung',
  religion:
    'konfession, religion, religionszugehorigkeit, religionszugehoerigkeit, glaube, kirchenzugehorigkeit, kirchensteuer',
  ethnicity: 'ethnische herkunft, herkunft ethnisch, hautfarbe',
  politics: 'parteizugehorigkeit, partei mitglied, politische gesinnung, politische einstellung',
  union: 'gewerkschaft, gewerkschaftsmitglied',
  'marital status': 'familienstand, staatsangehorigkeit, beruf, ehepartner, zivilstand',
  photo: 'profilbild, foto, passbild, lichtbild, benutzerbild, portrat',
  'ip address': 'ip adresse',
  'mac address': 'mac adresse',
  'serial number': 'seriennummer, geratenummer, geraetenummer',
  'login times':
    'letzte anmeldung, letzter login, anmeldezeit, zuletzt online, zuletzt gesehen, letzte aktivitat, letzter zugriff, anmeldezeitpunkt, letzte verbindung',
  'child data': 'kind name, name kind, kinder name, kindername, name des kindes, geburtsdatum kind, alter kind',
  school: 'schule, schulname, schulklasse',
  contract: 'vertrag, vertragsnummer',
  'private key':
    'privater schlussel, privater schluessel, geheimer schlussel, geheimer schluessel, privatschlussel, privatschluessel, geheimschluessel, verschlusselungsschlussel',
  'api token': 'api schlussel, api schluessel',
  'access token':
    'zugangstoken, zugriffstoken, zugangsdaten, anmeldedaten, zugriffsschlussel, zugriffsschluessel, sitzungstoken, aktualisierungstoken',
  'security answer': 'sicherheitsfrage, sicherheitsantwort, geheimfrage',
  'one-time code': 'bestatigungscode, einmalpasswort, verifizierungscode',
  age: 'lebensalter',
  'card code': 'prufziffer karte, kartenprufnummer, kartenpruefnummer, ablaufdatum karte',
  insurance: 'versicherungsnummer, versicherungsnr, policennummer',
  biometrics: 'fingerabdruck, gesichtserkennung, iriserkennung',
  orientation: 'sexuelle orientierung',
  'criminal record': 'vorstrafe, vorstrafen, fuhrungszeugnis, strafregister',
  coordinates: 'breitengrad, langengrad, laengengrad, koordinaten, gps position, geokoordinaten',
  position: 'standort, aufenthaltsort',
  'device id': 'gerate id, geraete id, geratekennung, geraetekennung',
  recording: 'aufnahme, gesprachsaufzeichnung, aufzeichnung, tonaufnahme',
  guardian: 'erziehungsberechtigter, vormund, sorgeberechtigter, name eltern, erziehungsberechtigte',
  'activity history': 'suchverlauf, browserverlauf, kaufhistorie, bestellhistorie, verlauf suche',
  hostname: 'rechnername',
};
