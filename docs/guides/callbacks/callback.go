// Verifies a callback: go run callback.go '<its query>' prints success or failed, or ends with 1 when it is forged.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
)

func main() {
	said, err := url.ParseQuery(os.Args[1])
	given, bad := hex.DecodeString(said.Get("signature"))
	if err != nil || bad != nil {
		os.Exit(1)
	}
	mac := hmac.New(sha256.New, []byte(os.Getenv("GLOMOPAY_SECRET_KEY")))
	fmt.Fprintf(mac, "%s|%s|%s", said.Get("order_id"), said.Get("payment_id"), said.Get("status"))
	if !hmac.Equal(given, mac.Sum(nil)) {
		os.Exit(1)
	}
	fmt.Println(said.Get("status"))
}
