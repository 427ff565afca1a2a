/**
 * Thrown by a projection that meets data which does not fit the operation, so that the response will have an error. It carries nothing: the
 * response is then made by `shapeResponse`, which finds the error again and words it.
 */
export const unfit = new Error('the data does not fit the operation');
