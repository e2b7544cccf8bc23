export { matmul, matmulNT, matmulTN } from './matmul.js';
