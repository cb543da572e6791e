"use strict";

// Without validatorUrl: null Swagger UI may send the address of the file to a validator on the Internet.
window.SwaggerUIBundle({
    url: "openapi.yaml",
    dom_id: "#contract",
    validatorUrl: null,
    deepLinking: true,
});
