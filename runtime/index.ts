export { stopGradient } from './stop-gradient.js';
export { Tape } from './tape.js';
