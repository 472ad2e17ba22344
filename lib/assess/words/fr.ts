/** French words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { Words } from '../dictionary.ts';

export const FR: Words = {
  password: 'mot de passe, mdp, motdepasse, mot passe, code secret, phrase secrete, code acces',
  email:
    'courriel, adresse mail, adresse email, adresse electronique, adresse courriel, mail utilisateur, adresse de messagerie, mel',
  phone:
    'téléphone, numero telephone, telephone portable, tel portable, numero portable, tel fixe, tel mobile, tel domicile, numero tel, num tel, portable client, tel perso',
  'personal name':
    'prenom, nom famille, nom de famille, nom client, nom complet, nom prenom, nom naissance, nom jeune fille, nom patient, nom usage, nationalite, nom pere, nom mere, nom destinataire, contact urgence, nom usuel',
  name: 'nom, pseudo',
  username: 'nom utilisateur',
  nickname: 'surnom, pseudonyme',
  'date of birth': 'date naissance, date de naissance, anniversaire, date naiss, annee naissance, ddn',
  gender: 'genre sexe, sexe, civilite',
  'home address':
    'adresse, adresse postale, adresse livraison, adresse facturation, adresse domicile, rue, numero rue, lieu de naissance, lieu naissance, numero voie, domicile, commune residence',
  postcode: 'code postal',
  city: 'ville, pays',
  'national id':
    'carte identite, numero carte identite, piece identite, carte nationale identite, cni, numero cni, numero piece identite, titre sejour, numero identite, numero national',
  'social security number':
    'securite sociale, numero securite sociale, numero secu, numero ss, numero assure social, carte vitale',
  'tax id': 'numero fiscal, siret, numero impot, numero tva, avis imposition',
  passport: 'passeport, numero passeport',
  'driving licence':
    'permis conduire, permis de conduire, plaque immatriculation, immatriculation, numero permis, num permis',
  'bank account':
    'compte bancaire, numero compte, rib, titulaire compte, coordonnees bancaires, releve bancaire, solde compte',
  'card number': 'carte bancaire, numero carte, carte bleue, carte credit, titulaire carte, cb numero',
  salary: 'salaire, remuneration, paie, revenu, revenus, retraite',
  invoice: 'facture',
  payment: 'paiement, moyen paiement, prelevement',
  diagnosis:
    'diagnostic medical, maladie, handicap, grossesse, symptome, maladies, pathologie, invalidite, enceinte, handicape',
  medication: 'medicament, ordonnance, vaccin, posologie',
  vitals:
    'tension arterielle, groupe sanguin, frequence cardiaque, pression arterielle, tension, pouls, glycemie, rythme cardiaque',
  'height or weight': 'poids, taille',
  allergy: 'allergie',
  'medical record': 'dossier medical, antecedent medical, mutuelle, resultat analyse, antecedents medicaux',
  religion: 'religion, confession religieuse, croyance',
  ethnicity: 'ethnie, origine ethnique',
  politics: 'opinion politique, parti politique',
  union: 'syndicat, appartenance syndicale',
  'marital status': 'situation familiale, etat civil, profession, situation matrimoniale, conjoint',
  photo: 'photo profil',
  'ip address': 'adresse ip',
  'mac address': 'adresse mac',
  'serial number': 'numero serie, numero de serie',
  'login times': 'derniere connexion, date connexion, heure connexion, dernier acces, derniere activite, dernier login',
  'child data': 'nom enfant, prenom enfant, enfant',
  school: 'ecole',
  contract: 'contrat',
  'national id, short': 'nir',
  'private key': 'cle privee, cle secrete, cle chiffrement',
  'api token': 'cle api, jeton api',
  'access token':
    'jeton acces, jeton d acces, jeton, jeton rafraichissement, jeton authentification, identifiants connexion',
  'security answer': 'question secrete, reponse secrete, question securite',
  'one-time code': 'code verification',
  'card code': 'cryptogramme, date expiration carte, cryptogramme visuel',
  'body metrics':
    'poids corporel, masse graisseuse, masse musculaire, indice masse corporelle, taille cm, poids kg, tour taille',
  biometrics: 'empreinte digitale, reconnaissance faciale',
  orientation: 'orientation sexuelle',
  'criminal record': 'casier judiciaire, condamnation',
  coordinates: 'geolocalisation',
  position: 'localisation',
  'device id': 'id appareil, identifiant appareil',
  recording: 'enregistrement, enregistrement appel, enregistrement vocal',
  guardian: 'tuteur legal, representant legal, nom parent, responsable legal',
  'activity history': 'historique recherche, historique navigation, historique achats',
};
