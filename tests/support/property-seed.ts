import fc from 'fast-check';
import { propertyParameters } from './property-parameters.ts';

fc.configureGlobal(propertyParameters(process.env));
