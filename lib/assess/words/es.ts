/** Spanish words of the dictionary. Spelling, case, accents, plurals and separators do not matter. */
import type { Words } from '../dictionary.ts';

export const ES: Words = {
  password:
    'contraseña, clave acceso, clave secreta, palabra clave usuario, contrasena, contrasenya, clave usuario, clave ingreso, codigo acceso, frase clave',
  email: 'correo, correo electronico, correo e, direccion correo, email usuario, mail contacto',
  phone:
    'telefono, numero telefono, telefono movil, celular, numero celular, movil, tel casa, numero movil, tfno, numero contacto',
  'personal name':
    'apellido, apellidos, primer apellido, segundo apellido, nombre completo, nombre cliente, nombre usuario completo, primer nombre, nombre apellido, segundo nombre, nombre madre, nombre padre, nacionalidad, razon social persona, contacto emergencia',
  name: 'nombre',
  username: 'nombre usuario, nombre de usuario',
  nickname: 'apodo',
  'date of birth':
    'fecha nacimiento, fecha de nacimiento, cumpleaños, fecha nac, fec nacimiento, fec nac, ano nacimiento, fnac',
  age: 'edad',
  gender: 'genero, sexo',
  'home address':
    'direccion, domicilio, calle, direccion postal, direccion envio, direccion casa, lugar nacimiento, lugar de nacimiento, colonia, municipio, numero casa',
  postcode: 'codigo postal',
  city: 'ciudad, provincia, pais, poblacion',
  'national id':
    'documento identidad, cedula, cedula identidad, numero documento, dni nie, numero dni, curp, documento identificacion, numero identificacion, numero cedula, identificacion personal, carnet identidad, tarjeta identidad, clave elector',
  'tax id': 'numero fiscal, identificacion fiscal, cuit, cuil',
  'social security number': 'seguridad social, numero seguridad social',
  passport: 'pasaporte, numero pasaporte',
  'driving licence':
    'carnet conducir, licencia conducir, permiso conducir, matricula vehiculo, matricula, placa vehiculo, numero licencia',
  'bank account':
    'cuenta bancaria, numero cuenta, cuenta corriente, cuenta clabe, clabe, cbu, saldo cuenta, titular cuenta, cuenta ahorros',
  'card number': 'tarjeta, tarjeta credito, numero tarjeta, titular tarjeta',
  salary: 'salario, sueldo, nomina, ingresos, ingreso mensual, renta mensual, ingresos anuales',
  invoice: 'factura',
  payment: 'forma pago, metodo pago',
  diagnosis: 'diagnostico, enfermedad, discapacidad, embarazo, enfermedades, sintomas, minusvalia, embarazada',
  medication: 'medicamento, receta medica, vacuna, medicacion, tratamiento medico, receta',
  vitals:
    'presion arterial, grupo sanguineo, frecuencia cardiaca, tipo sangre, tipo de sangre, tension arterial, ritmo cardiaco, glucosa, pulso',
  'height or weight': 'peso, estatura, altura',
  allergy: 'alergia',
  'medical record':
    'historia clinica, historial medico, historial clinico, expediente medico, expediente clinico, seguro medico, historia medica, resultado laboratorio',
  religion: 'religion, creencia religiosa, creencias religiosas',
  ethnicity: 'etnia, origen etnico',
  'marital status': 'estado civil, ocupacion, profesion, conyuge',
  photo: 'foto, foto perfil',
  'ip address': 'direccion ip',
  'mac address': 'direccion mac',
  'serial number': 'numero serie, numero de serie',
  'login times':
    'ultimo acceso, ultima conexion, ultimo inicio sesion, fecha acceso, ultima sesion, hora acceso, ultimo ingreso',
  'child data': 'nombre hijo, hijos nombre, nombre niño, nombre menor, edad hijo, fecha nacimiento hijo',
  school: 'escuela, colegio',
  contract: 'contrato',
  'private key': 'clave privada, llave privada, llave secreta, clave cifrado',
  'api token': 'clave api, llave api',
  'access token': 'token acceso, ficha acceso, token sesion, token autenticacion, credencial, credenciales',
  'security answer': 'pregunta secreta, respuesta secreta, pregunta seguridad, respuesta seguridad',
  'one-time code': 'codigo verificacion',
  'body metrics': 'peso corporal, grasa corporal, masa muscular, indice masa corporal, masa corporal',
  biometrics: 'huella dactilar, huella digital, reconocimiento facial',
  politics: 'afiliacion politica, partido politico, ideologia politica',
  union: 'afiliacion sindical, sindicato',
  orientation: 'orientacion sexual',
  'criminal record': 'antecedentes penales',
  coordinates: 'latitud, longitud, coordenadas, geolocalizacion',
  position: 'ubicacion',
  'device id': 'id dispositivo, identificador dispositivo',
  recording: 'grabacion, grabacion llamada',
  guardian: 'tutor legal, nombre tutor, padre madre tutor',
  'activity history': 'historial busqueda, historial compras, historial navegacion',
  'national id, short': 'rfc, nss',
};
