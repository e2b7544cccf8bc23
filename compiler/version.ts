/** The version in package.json, kept here too so that it is known without reading a file. */
export const version = '0.1.0';
